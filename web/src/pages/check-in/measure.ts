// How long the camera still looks: a minute in which the face can be read, two minutes at most in all.

export const kReadableS = 60, kMostS = 120, kSettleS = 2;
// Between two frames that lie further apart nothing was seen: the time does not count.
const kLongestStepS = 1;

export interface Measured {
  /** Before it begins: how long the face has been well in the picture without a break. */
  settledS: number;
  began: boolean;
  readableS: number;
  passedS: number;
  lastS: number | null;
}

export const notBegun: Measured = {settledS: 0, began: false, readableS: 0, passedS: 0, lastS: null};

export function measure(before: Measured, frame: {timeS: number; readable: boolean; wellPlaced: boolean}): Measured {
  const step = before.lastS === null ? 0 : Math.max(0, frame.timeS - before.lastS);
  const counted = Math.min(step, kLongestStepS);
  if (!before.began) {
    const settledS = frame.readable && frame.wellPlaced ? before.settledS + counted : 0;
    return {...before, settledS, began: settledS >= kSettleS, lastS: frame.timeS};
  }
  return {...before, readableS: before.readableS + (frame.readable ? counted : 0), passedS: before.passedS + counted, lastS: frame.timeS};
}

export function isDone(measured: Measured): boolean {
  return measured.readableS >= kReadableS || measured.passedS >= kMostS;
}

export function remainingS(measured: Measured): number {
  return Math.max(0, Math.min(kReadableS - measured.readableS, kMostS - measured.passedS));
}
