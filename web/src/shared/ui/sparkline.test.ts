import {expect, test} from 'vitest';
import {lineOf} from './sparkline';

test('a line goes from the box\'s start to its end, the greatest value at the top', () => {
  const {paths, end} = lineOf([0, 50, 100], 100, 40);
  expect(paths).toEqual(['M4.0 36.0L50.0 20.0L96.0 4.0']);
  expect(end).toEqual({x: 96, y: 4});
});

test('it breaks where there is no value', () => {
  expect(lineOf([1, null, 2, 3], 100, 40).paths).toHaveLength(2);
});

test('values outside the range stay within the box; one value and none are no trouble', () => {
  expect(lineOf([150], 100, 40, [0, 100]).end).toEqual({x: 50, y: 4});
  expect(lineOf([null], 100, 40)).toEqual({paths: [], end: null});
  expect(lineOf([7, 7], 100, 40).end?.y).toBe(36);
});
