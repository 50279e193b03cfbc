// A conversation about one session that outlives the network: after a break it comes back by itself and goes on after the last frame
// that was heard, so that nothing is told twice.
import {liveAddress, parseDown, pictureMessage, type Down, type EndReason, type MeshShape} from './protocol';

export type Link = 'connecting' | 'open' | 'away' | 'ended';

/** What a WebSocket is, as far as this needs it. */
export interface Wire {
  binaryType: BinaryType;
  readonly bufferedAmount: number;
  onopen: (() => void) | null;
  onmessage: ((event: {data: unknown}) => void) | null;
  onclose: (() => void) | null;
  send(data: string | ArrayBuffer): void;
  close(): void;
}

export interface Surroundings {
  origin: string;
  wire: (address: string) => Wire;
  later: (then: () => void, ms: number) => () => void;
  now: () => number;
  /** False: there is no network at all, and no use in trying. */
  online: () => boolean;
}

export interface Hears {
  message: (message: Down) => void;
  link: (link: Link, reason?: EndReason) => void;
  /** Asked when the server does not take the conversation up: why it never will, or null where trying again may help. */
  whyNot: () => Promise<EndReason | null>;
}

const kWaits = [250, 500, 1000, 2000, 3000];
/** So long without a word while pictures are sent: the way is broken, even if nobody has noticed. */
const kSilenceMs = 10_000;
/** More of it would only arrive late. */
const kMostBuffered = 1 << 20;

export class LiveSocket {
  /** The last frame whose observations came. */
  lastHeard = -1;
  /** The number that the next picture gets; null before the server has said where to go on. */
  private next: number | null = null;
  private wire: Wire | null = null;
  private open = false;
  private begun = false;
  private done = false;
  private tries = 0;
  private cancelRetry: (() => void) | null = null;
  private sentSinceHeard: number | null = null;

  constructor(
    private readonly session: string,
    private readonly as: 'stream' | 'watch',
    private readonly mesh: MeshShape['kind'],
    private readonly hears: Hears,
    private readonly around: Surroundings,
  ) {}

  start() {
    if (this.done || this.wire) return;
    if (!this.begun) this.hears.link('connecting');
    this.begun = true;
    const wire = this.around.wire(liveAddress(this.around.origin, this.session, this.as, this.lastHeard));
    this.wire = wire;
    wire.binaryType = 'arraybuffer';
    let greeted = false;
    wire.onmessage = ({data}) => {
      if (this.wire !== wire || typeof data !== 'string') return;
      const message = parseDown(data);
      if (!message) return;
      if (message.type === 'hello') {
        greeted = true;
        this.open = true;
        this.tries = 0;
        this.sentSinceHeard = null;
        // Numbers never go back: what was sent before the break may not have been counted yet.
        this.next = Math.max(this.next ?? 0, message.next_frame);
        if (this.mesh !== 'none') wire.send(JSON.stringify({type: 'hello', mesh: this.mesh}));
        this.hears.link('open');
      }
      this.hear(message);
    };
    wire.onclose = () => {
      if (this.wire !== wire) return;
      this.wire = null;
      this.open = false;
      if (this.done) return;
      if (greeted) this.comeBack();
      else void this.askWhether();
    };
  }

  /** Null where nothing can be sent now; else the frame's number. */
  sendPicture(jpeg: ArrayBuffer, capturedUs: number): number | null {
    const {wire, next} = this;
    if (!wire || !this.open || next === null) return null;
    const now = this.around.now();
    if (this.sentSinceHeard !== null && now - this.sentSinceHeard > kSilenceMs) {
      this.cut();
      return null;
    }
    if (wire.bufferedAmount > kMostBuffered) return null;
    this.sentSinceHeard ??= now;
    wire.send(pictureMessage(next, capturedUs, jpeg));
    this.next = next + 1;
    return next;
  }

  get ready(): boolean {
    return this.open;
  }
  /** Pictures on their way, or waiting to be read. */
  get waiting(): number {
    return this.next === null ? 0 : Math.max(0, this.next - 1 - this.lastHeard);
  }

  /** The network is gone, or back: there is no need to wait for it to be noticed. */
  cut() {
    const {wire} = this;
    if (!wire || this.done) return;
    this.wire = null;
    this.open = false;
    wire.close();
    this.comeBack();
  }
  again() {
    if (this.wire) return;
    this.cancelRetry?.();
    this.start();
  }

  stop() {
    this.done = true;
    this.cancelRetry?.();
    const {wire} = this;
    this.wire = null;
    this.open = false;
    wire?.close();
  }

  private hear(message: Down) {
    if (message.type === 'observations') {
      this.sentSinceHeard = null;
      if (message.frame <= this.lastHeard) return;
      this.lastHeard = message.frame;
    }
    if (message.type === 'kept' || message.type === 'problem') this.sentSinceHeard = null;
    this.hears.message(message);
    if (message.type !== 'ended') return;
    // A server that is started anew has the session still.
    if (message.reason === 'server-stops') return;
    this.stop();
    this.hears.link('ended', message.reason);
  }

  private comeBack() {
    this.hears.link('away');
    const wait = kWaits[Math.min(this.tries, kWaits.length - 1)] ?? 3000;
    this.tries += 1;
    this.cancelRetry?.();
    this.cancelRetry = this.around.later(() => (this.around.online() ? this.start() : this.comeBack()), wait);
  }

  private async askWhether() {
    const reason = await this.hears.whyNot();
    if (this.done || this.wire) return;
    if (reason === null) return this.comeBack();
    this.stop();
    this.hears.link('ended', reason);
  }
}

export function browserSurroundings(): Surroundings {
  return {
    origin: location.origin,
    wire: (address) => new WebSocket(address) as Wire,
    later: (then, ms) => {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
    now: () => performance.now(),
    online: () => navigator.onLine,
  };
}
