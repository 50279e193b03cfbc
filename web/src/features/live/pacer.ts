// When a picture is worth sending: not more often than the server reads them, and not while many wait.

/** A few pictures may be on their way; more would only make all of them late. */
const kMostWaiting = 8;
/** Where nothing came back for so long, what waits was let go, not read. */
const kForgiveMs = 1500;

export class Pacer {
  fps: number;
  private due = 0;
  private lastProgress = 0;
  private lastHeard = -1;

  constructor(private readonly mostFps: number) {
    this.fps = mostFps;
  }

  /** What the server says that it reads. */
  obey(fps: number) {
    this.fps = Math.max(1, Math.min(this.mostFps, fps));
  }

  wants(nowMs: number, waiting: number, lastHeard: number): boolean {
    if (lastHeard !== this.lastHeard || waiting === 0) {
      this.lastHeard = lastHeard;
      this.lastProgress = nowMs;
    }
    if (waiting >= kMostWaiting && nowMs - this.lastProgress < kForgiveMs) return false;
    // A little early is on time: pictures come at the camera's own beat.
    const step = 1000 / this.fps;
    if (nowMs < this.due - step / 4) return false;
    this.due = Math.max(this.due + step, nowMs);
    return true;
  }
}
