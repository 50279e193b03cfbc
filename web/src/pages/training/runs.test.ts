import {expect, test} from 'vitest';
import type {Job} from '@/shared/jobs/jobs';
import {best, curveValue, differing, secondsLeft, together} from './runs';

const epoch = (at: number, right: number | null, seconds = 2) => ({epoch: at, hold_out_product: right, product_loss: 1 / (at + 1), seconds});

test('the best epoch is the one with most right on the pictures held out', () => {
  expect(best([epoch(0, 0.3), epoch(1, 0.5), epoch(2, 0.4)])?.epoch).toBe(1);
  expect(best([epoch(0, null)])).toBe(null);
  expect(best([])).toBe(null);
});

test('runs of different length share one axis', () => {
  expect(together([[epoch(0, 0.1), epoch(1, 0.2)], [epoch(0, 0.3)]], curveValue.accuracy)).toEqual([[1, 2], [0.1, 0.2], [0.3, null]]);
});

test('only what differs between runs is told', () => {
  const job = (options: object) => ({request: {options}}) as Job;
  expect(differing([job({epochs: 3, batch: 64}), job({epochs: 4, batch: 64, seed: 2})])).toEqual(['epochs', 'seed']);
});

test('the time that is left, from the last epochs', () => {
  expect(secondsLeft([epoch(0, 0.1, 100), ...[1, 2, 3, 4, 5].map((at) => epoch(at, 0.1, 2))], 10)).toBe(8);
  expect(secondsLeft([], 10)).toBe(null);
});
