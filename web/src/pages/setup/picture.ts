// Whether a camera's picture is good enough, by figures of the picture alone.

export interface Picture {
  /** Mean luminance, 0 to 1. */
  brightness: number;
  /** Standard deviation of it, 0 to about 0.5. */
  contrast: number;
}

export function pictureOf(rgba: Uint8ClampedArray): Picture {
  const count = rgba.length / 4;
  if (count === 0) return {brightness: 0, contrast: 0};
  let sum = 0, squares = 0;
  for (let at = 0; at < rgba.length; at += 4) {
    const luminance = (0.2126 * (rgba[at] ?? 0) + 0.7152 * (rgba[at + 1] ?? 0) + 0.0722 * (rgba[at + 2] ?? 0)) / 255;
    sum += luminance;
    squares += luminance * luminance;
  }
  const brightness = sum / count;
  return {brightness, contrast: Math.sqrt(Math.max(0, squares / count - brightness * brightness))};
}

export type Finding = 'dark' | 'bright' | 'flat' | 'small' | 'slow';

/** What is not good about it; empty: good. */
export function findingsOf({brightness, contrast}: Picture, height: number, fps: number | null): Finding[] {
  const out: Finding[] = [];
  if (brightness < 0.2) out.push('dark');
  if (brightness > 0.85) out.push('bright');
  if (brightness >= 0.2 && contrast < 0.06) out.push('flat');
  if (height < 480) out.push('small');
  if (fps !== null && fps < 12) out.push('slow');
  return out;
}
