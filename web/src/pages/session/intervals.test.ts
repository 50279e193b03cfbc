import {describe, expect, it} from 'vitest';
import type {Keyword} from '@/api/records';
import {intervalsOf, secondsOf, written} from './intervals';

const frames = {secondsAt: (moment: string) => Number(moment)};
const keyword = (id: string, from: number, until: number | null) => ({id, from: String(from), until: until === null ? null : String(until)}) as Keyword;

describe('intervals', () => {
  it('end where the next begins if they have no end', () => {
    const rows = intervalsOf([keyword('b', 5, null), keyword('a', 1, null)], frames, 9);
    expect(rows.map(({from, until, open}) => [from, until, open])).toEqual([[1, 5, true], [5, 9, true]]);
  });
  it('do not lie over each other', () => {
    const rows = intervalsOf([keyword('a', 1, 6), keyword('b', 2, 4), keyword('c', 5, 8), keyword('d', 6, 7)], frames, 9);
    expect(rows.map(({row}) => row)).toEqual([0, 1, 1, 0]);
  });
});

it('reads times and writes them', () => {
  expect(secondsOf('1:02:03.5')).toBe(3723.5);
  expect(secondsOf('2:03')).toBe(123);
  expect(secondsOf('7,5')).toBe(7.5);
  expect(secondsOf('a:1')).toBeNull();
  expect(secondsOf('1.5:3')).toBeNull();
  for (const seconds of [0, 3.4, 59.9, 60, 3599.9, 3723.5]) expect(secondsOf(written(seconds))).toBeCloseTo(seconds, 9);
});
