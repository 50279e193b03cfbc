import type {components} from '@/api/schema';

export type CameraCheck = components['schemas']['CameraCheck'];

/** Where a face's box lies on the picture, which is shown mirrored. */
export function placeOf(box: readonly number[], {width, height}: Pick<CameraCheck, 'width' | 'height'>) {
  const [x = 0, y = 0, w = 0, h = 0] = box;
  const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(2)}%`;
  return {left: share(width - x - w, width), top: share(y, height), width: share(w, width), height: share(h, height)};
}
