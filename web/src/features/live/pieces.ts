// Pieces of a video on their way: in their order, each until it is there, whatever the network does meanwhile.
import {Problem} from '@/api/problem';

export interface PieceWay {
  /** The number of the first piece is 0; resolves once it is on the disk. */
  send: (number: number, piece: Blob) => Promise<unknown>;
  later: (then: () => void, ms: number) => void;
}

const kAgainMs = 2000;
/** More than this would weigh on the page: then the recording ends, and what came so far stays. */
const kMostWaiting = 96 * 1024 * 1024;

export class Pieces {
  private readonly waiting: Blob[] = [];
  private next = 0;
  private bytes = 0;
  private busy = false;
  private waiters: (() => void)[] = [];
  failed: unknown = null;

  constructor(private readonly way: PieceWay, private readonly gaveUp: (error: unknown) => void) {}

  push(piece: Blob) {
    if (piece.size === 0 || this.failed) return;
    this.waiting.push(piece);
    this.bytes += piece.size;
    if (this.bytes > kMostWaiting) return this.giveUp(new Error('too much of the video waits for the server'));
    void this.flush();
  }

  /** Once nothing waits any more, or nothing can be sent. */
  settled(): Promise<void> {
    if (this.waiting.length === 0 || this.failed) return Promise.resolve();
    return new Promise((resolve) => this.waiters.push(resolve));
  }

  private async flush() {
    if (this.busy) return;
    this.busy = true;
    for (let piece = this.waiting[0]; piece && !this.failed; piece = this.waiting[0]) {
      try {
        await this.way.send(this.next, piece);
      } catch (error) {
        const passing = error instanceof Problem && (error.status === 0 || error.status === 429 || error.status === 408 || error.status >= 500);
        if (!passing) {
          this.giveUp(error);
          break;
        }
        this.busy = false;
        this.way.later(() => void this.flush(), kAgainMs);
        return;
      }
      this.waiting.shift();
      this.bytes -= piece.size;
      this.next += 1;
    }
    this.busy = false;
    if (this.waiting.length === 0 || this.failed) for (const done of this.waiters.splice(0)) done();
  }
  private giveUp(error: unknown) {
    this.failed = error;
    this.waiting.length = 0;
    this.gaveUp(error);
    for (const done of this.waiters.splice(0)) done();
  }
}
