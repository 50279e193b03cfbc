// From the camera's pictures to the socket: each as it comes, as often as the server reads them.
import {makeEncoder} from './encoder';
import {Pacer} from './pacer';
import type {LiveSocket} from './socket';

const kMostFps = 30;

export class FrameSender {
  private readonly encoder = makeEncoder();
  private readonly pacer = new Pacer(kMostFps);
  private stopped = false;
  private paused = false;
  private handle = 0;

  constructor(private readonly video: HTMLVideoElement, private readonly socket: LiveSocket, private readonly longest: number) {}

  start() {
    this.next();
  }
  obey(fps: number) {
    this.pacer.obey(fps);
  }
  pause(paused: boolean) {
    this.paused = paused;
  }
  stop() {
    this.stopped = true;
    if ('cancelVideoFrameCallback' in this.video) this.video.cancelVideoFrameCallback(this.handle);
    else cancelAnimationFrame(this.handle);
    this.encoder.close();
  }

  private next() {
    if (this.stopped) return;
    const then = () => { this.take(); this.next(); };
    this.handle = 'requestVideoFrameCallback' in this.video ? this.video.requestVideoFrameCallback(then) : requestAnimationFrame(then);
  }

  private take() {
    const {socket} = this;
    if (this.paused || !socket.ready || !this.pacer.wants(performance.now(), socket.waiting, socket.lastHeard)) return;
    const capturedUs = (performance.timeOrigin + performance.now()) * 1000;
    void this.encoder.encode(this.video, this.longest).then((jpeg) => {
      if (jpeg && !this.stopped && !this.paused) socket.sendPicture(jpeg, capturedUs);
    });
  }
}
