import {expect, it} from 'vitest';
import {ranges} from './ranges';

it('writes neighbours as a range, two alone as two', () => {
  expect(ranges([1, 2, 3, 4, 6])).toBe('1–4, 6');
  expect(ranges([1, 2, 5])).toBe('1, 2, 5');
  expect(ranges([8, 9, 13, 14, 15])).toBe('8, 9, 13–15');
  expect(ranges([])).toBe('');
});
