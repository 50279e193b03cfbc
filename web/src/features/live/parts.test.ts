import {describe, expect, test} from 'vitest';
import {sentSize} from './encoder';
import {LiveFeed} from './feed';
import {boxAt, placed, pointAt} from './geometry';
import {SteadyHint, hintOf} from './hints';
import {Pacer} from './pacer';
import {liveAddress, pictureMessage, type Face, type Observed} from './protocol';

test('a picture goes up behind sixteen bytes', () => {
  const message = new DataView(pictureMessage(258, 1_700_000_000_123_456, new Uint8Array([9, 8]).buffer));
  expect(message.byteLength).toBe(18);
  expect([message.getUint8(0), message.getUint8(1), message.getUint8(2)]).toEqual([2, 1, 0]);
  expect(message.getBigUint64(8, true)).toBe(1_700_000_000_123_456n);
  expect([message.getUint8(16), message.getUint8(17)]).toEqual([9, 8]);
});

test('where a session is heard', () => {
  expect(liveAddress('https://a:1', 'x', 'watch', -1)).toBe('wss://a:1/api/v1/sessions/x/watch');
  expect(liveAddress('https://a:1', 'x', 'stream', 12)).toBe('wss://a:1/api/v1/sessions/x/stream?after=12');
});

test('a picture is sent no larger than wanted, with even sides', () => {
  expect(sentSize(1280, 720, 640)).toEqual({width: 640, height: 360});
  expect(sentSize(480, 640, 960)).toEqual({width: 480, height: 640});
  expect(sentSize(1001, 333, 500)).toEqual({width: 500, height: 166});
});

describe('the pace', () => {
  test('obeys the server', () => {
    const pacer = new Pacer(30);
    pacer.obey(10);
    let sent = 0;
    for (let ms = 0; ms < 2000; ms += 33) if (pacer.wants(ms, 0, sent)) sent += 1;
    expect(sent).toBeGreaterThanOrEqual(18);
    expect(sent).toBeLessThanOrEqual(21);
  });
  test('keeps a camera of 30 pictures a second whole', () => {
    const pacer = new Pacer(30);
    let sent = 0;
    for (let n = 0; n < 300; n += 1) if (pacer.wants(n * 33.33 + (n % 3), 1, n)) sent += 1;
    expect(sent).toBeGreaterThan(285);
  });
  test('waits while many wait, but not for what was let go', () => {
    const pacer = new Pacer(30);
    expect(pacer.wants(0, 1, 5)).toBe(true);
    expect(pacer.wants(100, 8, 5)).toBe(false);
    expect(pacer.wants(1000, 8, 5)).toBe(false);
    expect(pacer.wants(1700, 8, 5)).toBe(true);
  });
});

describe('where the picture lies', () => {
  test('whole in its box', () => {
    expect(placed(640, 480, 800, 480, 'contain')).toEqual({x: 80, y: 0, width: 640, height: 480});
    expect(placed(640, 480, 800, 480, 'cover')).toEqual({x: 0, y: -60, width: 800, height: 600});
  });
  test('the other way round in a mirror', () => {
    const place = placed(100, 100, 200, 200, 'contain');
    expect(boxAt(place, [0.125, 0.25, 0.25, 0.5], false)).toEqual({x: 25, y: 50, width: 50, height: 100});
    expect(boxAt(place, [0.125, 0.25, 0.25, 0.5], true)).toEqual({x: 125, y: 50, width: 50, height: 100});
    expect(pointAt(place, 0.25, 0.5, true)).toEqual([150, 100]);
  });
});

const good = {size_px: 200, brightness: 0.5, contrast: 0.2, sharpness: 0.4, inside: 1, presence: 1};
const face = (more: Partial<Face> = {}): Face => ({face_id: 0, valid: true, reason: '', yaw_deg: 0, pitch_deg: 0, quality: good, ...more});

describe('hints', () => {
  test('say what would help', () => {
    expect(hintOf(face())).toBeNull();
    expect(hintOf(null)).toBe('nobody');
    expect(hintOf(face({valid: false, reason: 'turned_away'}))).toBe('turn');
    expect(hintOf(face({yaw_deg: -40}))).toBe('turn');
    expect(hintOf(face({quality: {...good, brightness: 0.1}}))).toBe('more_light');
    expect(hintOf(face({quality: {...good, size_px: 40}}))).toBe('closer');
    expect(hintOf(face({quality: {...good, inside: 0.7, size_px: 40}}))).toBe('into_picture');
  });
  test('are told only when they last, and do not flicker', () => {
    const hint = new SteadyHint();
    for (let s = 10; s < 12; s += 0.1) hint.take(Math.round(s * 10) % 2 ? 'turn' : null, s);
    expect(hint.shown).toBeNull();
    for (let s = 12; s < 13; s += 0.1) hint.take('turn', s);
    expect(hint.shown).toBe('turn');
    for (let s = 13; s < 15; s += 0.1) hint.take(null, s);
    expect(hint.shown).toBeNull();
  });
});

describe('the feed', () => {
  const observed = (frame: number, faces: Face[]): Observed => ({type: 'observations', frame, time_s: frame / 30, utc: '', width: 4, height: 3, faces});
  test('follows each face, keeps some values a second, and forgets what is old', () => {
    let now = 0;
    const feed = new LiveFeed(() => now);
    for (let n = 0; n < 30 * 600; n += 1) {
      now = n / 30;
      feed.take(observed(n, [face({face_id: 3, index: 40, yawning: n % 900 > 850}), ...(n < 300 ? [face({face_id: 4})] : [])]));
    }
    const track = feed.tracks.get(3);
    expect(feed.tracks.has(4)).toBe(false);
    expect(feed.main).toBe(3);
    expect(track?.yawns).toBe(20);
    expect(track?.series.time.length).toBeLessThan(5 * 180 + 80);
    expect(track?.series.time.length).toBe(track?.series.p[6]?.length);
    expect((track?.series.time.at(-1) ?? 0) - (track?.series.time[0] ?? 0)).toBeGreaterThanOrEqual(179);
    expect(feed.fps).toBeCloseTo(30, 0);
  });
  test('shows whom was chosen, and a face that is away as a gap', () => {
    const feed = new LiveFeed(() => 0);
    feed.take(observed(0, [face({face_id: 1}), face({face_id: 2, index: 9})]));
    let heard = 0;
    const stop = feed.subscribe(() => { heard += 1; });
    feed.choose(2);
    stop();
    expect(heard, 'who is chosen while nothing comes is shown all the same').toBe(1);
    expect(feed.main).toBe(2);
    for (let n = 1; n < 60; n += 1) feed.take(observed(n, [face({face_id: 1})]));
    expect(feed.face).toBeNull();
    expect(feed.tracks.get(2)?.series.index.at(-1)).toBeNull();
  });
  test('shows no face as now that is there no more: its camera is lost', () => {
    const feed = new LiveFeed(() => 0);
    feed.take(observed(0, [face({face_id: 1, index: 9})]));
    let heard = 0;
    feed.subscribe(() => { heard += 1; });
    feed.take({type: 'camera', state: 'lost'});
    expect([feed.face, heard]).toEqual([null, 1]);
    feed.take({type: 'camera', state: 'there'});
    feed.take(observed(1, [face({face_id: 1, index: 9})]));
    expect(feed.face?.index).toBe(9);
  });
});
