// A picture of a running video as JPEG, in a worker where the browser has what that takes.

export interface Encoder {
  /** Null: not now (one is being made, or the video shows nothing yet). */
  encode(video: HTMLVideoElement, longest: number): Promise<ArrayBuffer | null>;
  close(): void;
}

const kQuality = 0.82;

/** The size in which a video is sent: its longer side no more than `longest`, both even. */
export function sentSize(width: number, height: number, longest: number): {width: number; height: number} {
  const share = Math.min(1, longest / Math.max(width, height));
  const even = (side: number) => Math.max(2, 2 * Math.round((side * share) / 2));
  return {width: even(width), height: even(height)};
}

class WorkerEncoder implements Encoder {
  private readonly worker = new Worker(new URL('./encoder.worker.ts', import.meta.url), {type: 'module'});
  private waiting: ((jpeg: ArrayBuffer | null) => void) | null = null;

  constructor() {
    const done = (jpeg: ArrayBuffer | null) => {
      const then = this.waiting;
      this.waiting = null;
      then?.(jpeg);
    };
    this.worker.onmessage = ({data}: MessageEvent<{jpeg?: ArrayBuffer}>) => done(data.jpeg ?? null);
    this.worker.onerror = () => done(null);
  }

  async encode(video: HTMLVideoElement, longest: number): Promise<ArrayBuffer | null> {
    if (this.waiting || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
    const size = sentSize(video.videoWidth, video.videoHeight, longest);
    return new Promise((resolve) => {
      this.waiting = resolve;
      try {
        const picture = new VideoFrame(video);
        this.worker.postMessage({picture, ...size, quality: kQuality}, [picture]);
      } catch {
        this.waiting = null;
        resolve(null);
      }
    });
  }
  close() {
    this.worker.terminate();
    this.waiting?.(null);
    this.waiting = null;
  }
}

class CanvasEncoder implements Encoder {
  private readonly canvas = document.createElement('canvas');
  private busy = false;

  async encode(video: HTMLVideoElement, longest: number): Promise<ArrayBuffer | null> {
    if (this.busy || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
    this.busy = true;
    try {
      const blob = await drawn(this.canvas, video, longest, kQuality);
      return blob ? await blob.arrayBuffer() : null;
    } finally {
      this.busy = false;
    }
  }
  close() {}
}

function drawn(canvas: HTMLCanvasElement, video: HTMLVideoElement, longest: number, quality: number): Promise<Blob | null> {
  const {width, height} = sentSize(video.videoWidth, video.videoHeight, longest);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, {width, height});
  canvas.getContext('2d', {alpha: false})?.drawImage(video, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
}

export function makeEncoder(): Encoder {
  const able = typeof Worker === 'function' && typeof VideoFrame === 'function' && typeof OffscreenCanvas === 'function' && 'convertToBlob' in OffscreenCanvas.prototype;
  return able ? new WorkerEncoder() : new CanvasEncoder();
}

/** One picture to keep, as finely as the camera gives it. */
export function still(video: HTMLVideoElement, longest = 1280): Promise<Blob | null> {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return Promise.resolve(null);
  return drawn(document.createElement('canvas'), video, longest, 0.92);
}
