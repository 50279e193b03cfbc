// What would let the face be read better, told only when it lasts: a hint that flickers helps nobody.
import type {Face} from './protocol';

export type Hint = 'nobody' | 'more_light' | 'less_light' | 'turn' | 'closer' | 'into_picture' | 'hold_still' | 'uncover';

// Well before the limits below which the server reads nothing (its face/quality): the hint comes while there is still time.
const kDark = 0.2, kBright = 0.85, kSmallPx = 64, kYawDeg = 32, kPitchDeg = 28, kBlurred = 0.05, kInside = 0.9;

export function hintOf(face: Face | null): Hint | null {
  if (!face) return 'nobody';
  switch (face.reason) {
    case 'no_face': case 'lost': return 'nobody';
    case 'too_small': return 'closer';
    case 'blurred': return 'hold_still';
    case 'turned_away': return 'turn';
    case 'too_dark': return 'more_light';
    case 'too_bright': return 'less_light';
    case 'occluded': return 'uncover';
    case 'outside_frame': return 'into_picture';
    case '': break;
  }
  const {quality} = face;
  const below = (value: number | null | undefined, limit: number) => value !== null && value !== undefined && value < limit;
  const beyond = (value: number | null | undefined, limit: number) => value !== null && value !== undefined && Math.abs(value) > limit;
  if (below(quality?.inside, kInside)) return 'into_picture';
  if (below(quality?.size_px, kSmallPx)) return 'closer';
  if (beyond(face.yaw_deg, kYawDeg) || beyond(face.pitch_deg, kPitchDeg)) return 'turn';
  if (below(quality?.brightness, kDark)) return 'more_light';
  if (beyond(quality?.brightness, kBright)) return 'less_light';
  if (below(quality?.sharpness, kBlurred)) return 'hold_still';
  return null;
}

const kShowAfterS = 0.7, kKeepS = 1.2;

export class SteadyHint {
  shown: Hint | null = null;
  private meant: Hint | null = null;
  private since = 0;
  private shownAt = 0;

  /** True where what is shown has changed. */
  take(hint: Hint | null, nowS: number): boolean {
    if (hint !== this.meant) {
      this.meant = hint;
      this.since = nowS;
    }
    if (this.meant === this.shown || nowS - this.since < kShowAfterS || nowS - this.shownAt < kKeepS) return false;
    this.shown = this.meant;
    this.shownAt = nowS;
    return true;
  }
}
