// From the picture's own coordinates to where it is drawn.

export interface Placed {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A picture of that size within a box, whole (contain) or filling it (cover), in the middle. */
export function placed(pictureWidth: number, pictureHeight: number, boxWidth: number, boxHeight: number, fit: 'contain' | 'cover'): Placed {
  if (pictureWidth <= 0 || pictureHeight <= 0) return {x: 0, y: 0, width: boxWidth, height: boxHeight};
  const inX = boxWidth / pictureWidth, inY = boxHeight / pictureHeight;
  const scale = fit === 'contain' ? Math.min(inX, inY) : Math.max(inX, inY);
  const width = pictureWidth * scale, height = pictureHeight * scale;
  return {x: (boxWidth - width) / 2, y: (boxHeight - height) / 2, width, height};
}

/** A rectangle (x, y, width, height in shares of the picture), where it lies in the box; in a mirror, the other way round. */
export function boxAt(place: Placed, [x, y, width, height]: readonly [number, number, number, number], mirrored: boolean): Placed {
  const left = mirrored ? 1 - x - width : x;
  return {x: place.x + left * place.width, y: place.y + y * place.height, width: width * place.width, height: height * place.height};
}

export function pointAt(place: Placed, x: number, y: number, mirrored: boolean): [number, number] {
  return [place.x + (mirrored ? 1 - x : x) * place.width, place.y + y * place.height];
}
