import {expect, it} from 'vitest';
import {Frames} from './load';

const columns = ['frame', 'time_s', 'utc', 'face_id', 'valid', 'blink', 'yawning', 'nod', 'happy', 'index'];

it('keeps faces apart, knows times and gaps', () => {
  const frames = new Frames();
  frames.add(columns, [
    [0, 0.5, '2026-08-03T10:00:00.500000Z', 0, true, false, false, false, 0.25, 40],
    [0, 0.5, '2026-08-03T10:00:00.500000Z', 3, true, false, false, false, 0.75, 60],
    [1, 0.6, '2026-08-03T10:00:00.600000Z', 0, true, true, false, false, 0.3, 41],
    [2, 0.7, '2026-08-03T10:00:00.700000Z', null, false, false, false, false, null, null],
    [3, 9, '2026-08-03T10:00:09.000000Z', 0, false, false, true, false, null, 42],
  ]);
  expect(frames.frames).toBe(4);
  expect([...frames.tracks.keys()]).toEqual([0, 3]);
  expect(frames.main()).toBe(0);
  const track = frames.tracks.get(0)!;
  expect(track.length).toBe(4);
  expect(track.columns.index.at(2)).toBeNaN();
  expect(track.columns.happy.at(3)).toBeNaN();
  expect(track.columns.happy.at(0)).toBeCloseTo(0.25, 6);
  expect(track.events.blink).toEqual([0.6]);
  expect(track.events.yawn).toEqual([9]);
  expect(frames.secondsAt('2026-08-03T10:01:00Z')).toBe(60);
  expect(frames.momentAt(60)).toBe('2026-08-03T10:01:00.000Z');
});
