import {describe, expect, it} from 'vitest';
import {byDay, compare, median, quantile975, within} from './stats';

describe('stats', () => {
  it('knows Student\'s t', () => {
    for (const [degrees, value] of [[3, 3.18245], [5, 2.57058], [10, 2.22814], [30, 2.04227], [1000, 1.96234]] as const) {
      expect(Math.abs(quantile975(degrees) / value - 1)).toBeLessThan(0.002);
    }
  });
  it('compares as Welch does', () => {
    // By hand: 6.835 degrees of freedom, t = 2.3765, standard error 1.46401.
    const found = compare([40, 42, 41, 45, 39], [50, 47, 52, 49]);
    expect(found?.difference).toBeCloseTo(8.1, 10);
    expect(found?.interval?.[0]).toBeCloseTo(4.6207, 2);
    expect(found?.interval?.[1]).toBeCloseTo(11.5793, 2);
  });
  it('says nothing of nothing, and no interval of two days', () => {
    expect(compare([], [1])).toBeNull();
    expect(compare([1, 2], [3, 4])?.interval).toBeNull();
  });
  it('takes a day once', () => {
    const days = byDay([['a', 1], ['a', 3], ['b', 5], ['c', null]] as [string, number | null][], ([day]) => day, ([, value]) => value);
    expect([...days]).toEqual([['a', 2], ['b', 5]]);
    expect(within(days, ['b', 'z'])).toEqual([5]);
    expect(median([3, 1, 2])).toBe(2);
  });
});
