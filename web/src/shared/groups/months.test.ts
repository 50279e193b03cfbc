import {expect, test} from 'vitest';
import {monthsOver, strengthOf} from './months';

test('months that are over, across a year\'s end, the newest last', () => {
  expect(monthsOver(3, new Date('2026-02-01T00:30:00Z'))).toEqual(['2025-11', '2025-12', '2026-01']);
  expect(monthsOver(1, new Date('2026-01-31T23:59:00Z'))).toEqual(['2025-12']);
});

test('strength stays within its bounds', () => {
  expect(strengthOf(5, 0, 10)).toBe(0.5);
  expect(strengthOf(50, 0, 10)).toBe(1);
  expect(strengthOf(3, 3, 3)).toBe(0);
});
