import {expect, it} from 'vitest';
import {defaultPeriods, plusDays} from './days';

it('chooses four weeks, or halves', () => {
  expect(defaultPeriods('2026-01-01', '2026-06-30')).toEqual({before: ['2026-01-01', '2026-01-28'], after: ['2026-06-03', '2026-06-30']});
  expect(defaultPeriods('2026-01-01', '2026-01-10')).toEqual({before: ['2026-01-01', '2026-01-05'], after: ['2026-01-06', '2026-01-10']});
  expect(defaultPeriods('2026-01-01', '2026-01-01')).toEqual({before: ['2026-01-01', '2026-01-01'], after: ['2026-01-01', '2026-01-01']});
});

it('counts days over the turn of a month', () => {
  expect(plusDays('2026-02-27', 2)).toBe('2026-03-01');
});
