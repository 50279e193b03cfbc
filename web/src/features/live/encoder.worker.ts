// Pictures to JPEG beside the page's own thread, so that what is seen never waits for it.
interface Asked {
  picture: VideoFrame | ImageBitmap;
  width: number;
  height: number;
  quality: number;
}

let canvas: OffscreenCanvas | null = null;

onmessage = async ({data}: MessageEvent<Asked>) => {
  const {picture, width, height, quality} = data;
  try {
    if (!canvas || canvas.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', {alpha: false});
    if (!context) throw new Error('no canvas');
    context.drawImage(picture, 0, 0, width, height);
    picture.close();
    const blob = await canvas.convertToBlob({type: 'image/jpeg', quality});
    const jpeg = await blob.arrayBuffer();
    postMessage({jpeg}, {transfer: [jpeg]});
  } catch (error) {
    postMessage({failed: String(error)});
  }
};
