import {describe, expect, test} from 'vitest';
import {adviceOf, compare} from './compare';
import {isDone, kMostS, measure, notBegun, remainingS, type Measured} from './measure';
import {fresh, keepProgress, readProgress} from './progress';

const run = (seconds: number, readable: (s: number) => boolean, from: Measured = notBegun) => {
  let now = from;
  const start = from.lastS ?? 0;
  for (let n = 1; n <= seconds * 10 && !isDone(now); n += 1) now = measure(now, {timeS: start + n / 10, readable: readable(n / 10), wellPlaced: true});
  return now;
};

describe('the minute before the camera', () => {
  test('begins once the face has been well in the picture for two seconds', () => {
    expect(run(1.5, () => true).began).toBe(false);
    expect(run(2.3, () => true).began).toBe(true);
    expect(run(9, (s) => Math.round(s * 10) % 15 !== 0).began).toBe(false);
  });
  test('ends after a minute that could be read', () => {
    const done = run(100, () => true);
    expect(isDone(done)).toBe(true);
    expect(done.passedS).toBeLessThan(61);
    expect(remainingS(done)).toBe(0);
  });
  test('ends after two minutes, whatever could be read', () => {
    const began = run(3, () => true);
    const done = run(200, (s) => Math.round(s) % 4 === 0, began);
    expect(isDone(done)).toBe(true);
    expect(done.passedS).toBeGreaterThanOrEqual(kMostS - 1e-6);
  });
  test('a break of the network does not count', () => {
    const began = run(5, () => true);
    const later = measure(began, {timeS: (began.lastS ?? 0) + 30, readable: true, wellPlaced: true});
    expect(later.passedS - began.passedS).toBe(1);
  });
});

test('this time beside the times before', () => {
  expect(compare(50, [])).toBe('first');
  expect(compare(50, [48, 55])).toBe('alike');
  expect(compare(70, [50, 52, 90])).toBe('higher');
  expect(compare(30, [50, 52, 10])).toBe('lower');
});

test('advice goes by what somebody says, not by their face', () => {
  expect(adviceOf(null, 'first')).toBe('watch');
  expect(adviceOf(20, 'alike')).toBe('well');
  expect(adviceOf(20, 'higher')).toBe('watch');
  expect(adviceOf(55, 'higher')).toBe('talk');
  expect(adviceOf(80, 'lower')).toBe('talk');
});

test('a check-in is gone on with after a reload', () => {
  const map = new Map<string, string>();
  const storage = {getItem: (k: string) => map.get(k) ?? null, setItem: (k: string, v: string) => void map.set(k, v), removeItem: (k: string) => void map.delete(k)};
  expect(readProgress('p', storage)).toBe(fresh);
  keepProgress('p', {step: 'questions', session: 's', answers: [1, null], response: null}, storage);
  expect(readProgress('p', storage)).toEqual({step: 'questions', session: 's', answers: [1, null], response: null});
  expect(readProgress('other', storage)).toBe(fresh);
  map.set('pyrometer.check-in.p', '{"step":"camera"}');
  expect(readProgress('p', storage)).toBe(fresh);
  map.set('pyrometer.check-in.p', 'broken');
  expect(readProgress('p', storage)).toBe(fresh);
  keepProgress('p', fresh, storage);
  expect(map.size).toBe(0);
});
