import {describe, expect, test} from 'vitest';
import type {Down} from './protocol';
import {LiveSocket, type Link, type Wire} from './socket';

class FakeWire implements Wire {
  binaryType: BinaryType = 'blob';
  bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: {data: unknown}) => void) | null = null;
  onclose: (() => void) | null = null;
  sent: (string | ArrayBuffer)[] = [];
  closed = false;
  constructor(readonly address: string) {}
  send(data: string | ArrayBuffer) { this.sent.push(data); }
  close() { this.closed = true; }
  says(message: object) { this.onmessage?.({data: JSON.stringify(message)}); }
  frames = () => this.sent.filter((each): each is ArrayBuffer => typeof each !== 'string').map((each) => Number(new DataView(each).getBigUint64(0, true)));
}

function setting(whyNot: () => Promise<string | null> = async () => null) {
  const wires: FakeWire[] = [], heard: Down[] = [], links: string[] = [], timers: {then: () => void; ms: number}[] = [];
  const clock = {ms: 0, online: true};
  const socket = new LiveSocket('s1', 'stream', 'contours', {
    message: (message) => heard.push(message),
    link: (link: Link, reason) => links.push(reason ? `${link}:${reason}` : link),
    whyNot,
  }, {
    origin: 'https://host:1',
    wire: (address) => { const wire = new FakeWire(address); wires.push(wire); return wire; },
    later: (then, ms) => { const timer = {then, ms}; timers.push(timer); return () => void timers.splice(timers.indexOf(timer), 1); },
    now: () => clock.ms,
    online: () => clock.online,
  });
  const last = () => wires.at(-1) as FakeWire;
  const elapse = () => timers.shift()?.then();
  return {socket, wires, heard, links, timers, clock, last, elapse};
}

const observed = (frame: number) => ({type: 'observations', frame, time_s: frame / 30, utc: '', width: 4, height: 3, faces: []});
const jpeg = new ArrayBuffer(3);

describe('a live conversation', () => {
  test('numbers pictures on from what the server says, and asks for the mesh', () => {
    const {socket, last, links} = setting();
    socket.start();
    expect(last().address).toBe('wss://host:1/api/v1/sessions/s1/stream');
    expect(socket.sendPicture(jpeg, 1)).toBeNull();
    last().says({type: 'hello', session: 's1', next_frame: 7, notice: ''});
    expect(last().sent).toEqual([JSON.stringify({type: 'hello', mesh: 'contours'})]);
    expect(socket.sendPicture(jpeg, 1)).toBe(7);
    expect(socket.sendPicture(jpeg, 2)).toBe(8);
    expect(last().frames()).toEqual([7, 8]);
    expect(links).toEqual(['connecting', 'open']);
  });

  test('comes back after a break, after the last frame that was heard, and no number comes twice', () => {
    const {socket, wires, last, heard, links, elapse} = setting();
    socket.start();
    last().says({type: 'hello', session: 's1', next_frame: 0, notice: ''});
    for (let n = 0; n < 5; n += 1) socket.sendPicture(jpeg, n);
    last().says(observed(0));
    last().says(observed(1));
    last().onclose?.();
    expect(socket.sendPicture(jpeg, 9)).toBeNull();
    elapse();
    expect(last().address).toBe('wss://host:1/api/v1/sessions/s1/stream?after=1');
    // The server had not counted 3 and 4 when it said hello.
    last().says({type: 'hello', session: 's1', next_frame: 3, notice: ''});
    for (const frame of [1, 2]) last().says(observed(frame));
    expect(heard.filter((each) => each.type === 'observations').map((each) => each.frame)).toEqual([0, 1, 2]);
    expect(socket.sendPicture(jpeg, 9)).toBe(5);
    expect(wires).toHaveLength(2);
    expect(links).toEqual(['connecting', 'open', 'away', 'open']);
  });

  test('a cut network is not waited for: it ends the conversation at once and takes it up when it is back', () => {
    const {socket, wires, timers} = setting();
    socket.start();
    wires[0]?.says({type: 'hello', session: 's1', next_frame: 0, notice: ''});
    socket.cut();
    expect(wires[0]?.closed).toBe(true);
    socket.again();
    expect(wires).toHaveLength(2);
    expect(timers).toHaveLength(0);
    wires[0]?.onclose?.(); // of the old one, late
    expect(timers).toHaveLength(0);
  });

  test('without any network nothing is tried', () => {
    const {socket, wires, clock, elapse} = setting();
    socket.start();
    wires[0]?.says({type: 'hello', session: 's1', next_frame: 0, notice: ''});
    clock.online = false;
    socket.cut();
    elapse();
    elapse();
    expect(wires).toHaveLength(1);
    clock.online = true;
    elapse();
    expect(wires).toHaveLength(2);
  });

  test('waits longer each time, three seconds at most', async () => {
    const {socket, last, timers, elapse} = setting();
    socket.start();
    const waits: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      last().onclose?.();
      await Promise.resolve();
      await Promise.resolve();
      waits.push(timers[0]?.ms ?? -1);
      elapse();
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 3000, 3000, 3000]);
  });

  test('a session that has ended is not asked for again', async () => {
    const {socket, last, links, timers} = setting(async () => 'ended');
    socket.start();
    last().onclose?.();
    await Promise.resolve();
    await Promise.resolve();
    expect(links).toEqual(['connecting', 'ended:ended']);
    expect(timers).toHaveLength(0);
  });

  test('a withdrawal ends it, a server that stops does not', () => {
    const {socket, wires, last, links, elapse} = setting();
    socket.start();
    last().says({type: 'hello', session: 's1', next_frame: 0, notice: ''});
    last().says({type: 'ended', reason: 'server-stops'});
    last().onclose?.();
    elapse();
    expect(wires).toHaveLength(2);
    last().says({type: 'hello', session: 's1', next_frame: 0, notice: ''});
    last().says({type: 'ended', reason: 'consent-withdrawn'});
    expect(links.at(-1)).toBe('ended:consent-withdrawn');
    expect(last().closed).toBe(true);
    expect(socket.sendPicture(jpeg, 1)).toBeNull();
  });

  test('where pictures go up and nothing comes back for ten seconds, the way is taken for broken', () => {
    const {socket, wires, clock, links} = setting();
    socket.start();
    wires[0]?.says({type: 'hello', session: 's1', next_frame: 0, notice: ''});
    socket.sendPicture(jpeg, 1);
    clock.ms = 9_000;
    expect(socket.sendPicture(jpeg, 2)).toBe(1);
    clock.ms = 10_500;
    expect(socket.sendPicture(jpeg, 3)).toBeNull();
    expect(wires[0]?.closed).toBe(true);
    expect(links.at(-1)).toBe('away');
  });

  test('also where nothing more goes up: what is lost without a word fills the wire', () => {
    const {socket, wires, clock, links} = setting();
    socket.start();
    wires[0]?.says({type: 'hello', session: 's1', next_frame: 0, notice: ''});
    socket.sendPicture(jpeg, 1);
    if (wires[0]) wires[0].bufferedAmount = 2 << 20;
    clock.ms = 9_000;
    expect(socket.sendPicture(jpeg, 2)).toBeNull();
    expect(wires[0]?.closed).toBe(false);
    clock.ms = 10_500;
    expect(socket.sendPicture(jpeg, 3)).toBeNull();
    expect(wires[0]?.closed).toBe(true);
    expect(links.at(-1)).toBe('away');
  });

  test('what nobody knows is passed over', () => {
    const {socket, last, heard} = setting();
    socket.start();
    last().onmessage?.({data: 'no json'});
    last().says({type: 'something-new'});
    last().onmessage?.({data: new ArrayBuffer(2)});
    expect(heard).toEqual([]);
  });
});
