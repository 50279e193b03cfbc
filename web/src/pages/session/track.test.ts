import {describe, expect, it} from 'vitest';
import {Column, drawn, Track} from './track';

describe('Column', () => {
  it('has means of what is known, however it came', () => {
    const all = [1, 3, Number.NaN, 5, Number.NaN, Number.NaN, 2, 4, 9];
    const column = new Column();
    for (const value of all.slice(0, 3)) column.push(value);
    column.settle();
    for (const value of all.slice(3)) column.push(value);
    column.settle();
    expect([0, 1, 2, 3].map((at) => column.read(1, at))).toEqual([2, 5, Number.NaN, 3]);
    expect([0, 1].map((at) => column.read(2, at))).toEqual([3, 3]);
    expect(column.read(3, 0)).toBe(3);
    expect(column.mean(0, 4)).toBe(3);
    expect(column.mean(4, 6)).toBeNaN();
  });
});

it('a column knows whether it has any value', () => {
  const column = new Column();
  column.push(Number.NaN);
  expect(column.known).toBe(false);
  column.push(0);
  column.push(Number.NaN);
  expect(column.known).toBe(true);
});

describe('Track', () => {
  const track = new Track();
  for (let frame = 0; frame < 108_000; ++frame) track.push(frame / 30, {index: frame % 2 ? 40 : 60, happy: frame === 7 ? null : 0.5});
  track.settle();

  it('finds frames by time and refuses what comes twice', () => {
    expect(track.indexAt(10)).toBe(300);
    expect(track.indexAt(-1)).toBe(0);
    expect(track.indexAt(1e9)).toBe(108_000);
    track.push(5, {index: 1});
    expect(track.length).toBe(108_000);
  });
  it('draws no more than the screen has', () => {
    const [times, index] = drawn(track, ['index'], 0, 3600, 800);
    expect(times.length).toBeGreaterThan(400);
    expect(times.length).toBeLessThanOrEqual(1200);
    expect(index?.every((value) => value === 50)).toBe(true);
  });
  it('draws frames where there is room, gaps as gaps, and reuses what it is given', () => {
    const into = drawn(track, ['index', 'happy'], 0, 3600, 800);
    const [times, index, happy] = drawn(track, ['index', 'happy'], 0, 1, 800, into);
    expect(times).toHaveLength(31);
    expect(index?.slice(0, 2)).toEqual([60, 40]);
    expect(happy?.[7]).toBeNull();
    expect(happy?.[8]).toBe(0.5);
  });
});
