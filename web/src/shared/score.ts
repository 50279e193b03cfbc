// The score of a frame and its index over the last minute, as the thesis profile has them (docs/formats.md), for frames that came without:
// a device sends probabilities alone.

const kWindowS = 60, kLambda = 0.7;

/** S_t with its usual weights: strain less happiness. In the order angry, disgust, fear, happy, sad, surprise, neutral. */
export function scoreOf(p: readonly number[]): number {
  const [angry = Number.NaN, disgust = Number.NaN, fear = Number.NaN, happy = Number.NaN, sad = Number.NaN] = p;
  return angry + disgust + fear + sad - happy;
}

/** 100 (λ (S + 1)/2 + (1 − λ) V) over the scores of the last 60 s. */
export class RollingIndex {
  private readonly times: number[] = [];
  private readonly scores: number[] = [];
  private first = 0;
  private sum = 0;
  private squares = 0;

  push(time: number, score: number): number {
    if (!Number.isNaN(score)) {
      this.times.push(time);
      this.scores.push(score);
      this.sum += score;
      this.squares += score * score;
    }
    while (this.first < this.times.length && (this.times[this.first] ?? 0) <= time - kWindowS) {
      const old = this.scores[this.first++] ?? 0;
      this.sum -= old;
      this.squares -= old * old;
    }
    const count = this.times.length - this.first;
    if (count === 0) return Number.NaN;
    const mean = this.sum / count, variance = Math.max(0, this.squares / count - mean * mean);
    return 100 * (kLambda * (mean + 1) / 2 + (1 - kLambda) * variance);
  }
}
