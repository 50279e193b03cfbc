// The stretch of time that is looked at, shared by all lanes without React: at most one change for each picture of the screen.
export const kShortest = 2;

export class TimeWindow {
  min = 0;
  max = 1;
  /** All that there is. */
  readonly full = {min: 0, max: 1};
  private readonly heard = new Set<() => void>();
  private waiting = 0;
  /** Whether somebody chose a stretch; else it grows with what comes. */
  chosen = false;

  constructor(private readonly later: (then: () => void) => number = (then) => requestAnimationFrame(then)) {}

  listen(then: () => void): () => void {
    this.heard.add(then);
    return () => { this.heard.delete(then); };
  }
  private tell() {
    if (this.waiting) return;
    this.waiting = this.later(() => {
      this.waiting = 0;
      for (const then of this.heard) then();
    });
  }
  extend(min: number, max: number) {
    if (this.full.min === min && this.full.max === max) return;
    this.full.min = min;
    this.full.max = Math.max(max, min + kShortest);
    if (!this.chosen) [this.min, this.max] = [this.full.min, this.full.max];
    this.tell();
  }
  set(min: number, max: number) {
    const whole = this.full.max - this.full.min;
    const span = Math.min(Math.max(max - min, kShortest), whole);
    const middle = (min + max) / 2;
    const begin = Math.min(Math.max(middle - span / 2, this.full.min), this.full.max - span);
    if (begin === this.min && begin + span === this.max) return;
    this.min = begin;
    this.max = begin + span;
    this.chosen = span < whole;
    this.tell();
  }
  pan(seconds: number) {
    // Moved as a whole: at an end it stops, and keeps its length.
    const span = this.max - this.min;
    const begin = Math.min(Math.max(this.min + seconds, this.full.min), this.full.max - span);
    this.set(begin, begin + span);
  }
  /** By a factor (below 1: closer), about a time that stays where it is. */
  zoom(factor: number, about = (this.min + this.max) / 2) {
    const span = Math.max((this.max - this.min) * factor, kShortest);
    const share = (about - this.min) / (this.max - this.min);
    this.set(about - span * share, about + span * (1 - share));
  }
  all() {
    this.set(this.full.min, this.full.max);
    this.chosen = false;
  }
  /** Brings a time into sight, in the middle if it was not there. */
  show(from: number, until = from) {
    if (from >= this.min && until <= this.max && this.chosen) return;
    const span = Math.max((until - from) * 3, Math.min(60, this.full.max - this.full.min));
    this.set((from + until) / 2 - span / 2, (from + until) / 2 + span / 2);
  }
}
