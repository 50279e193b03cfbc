import {expect, it} from 'vitest';
import type {Session} from '@/api/records';
import {emotionWeeks} from './emotions';

const session = (started: string, happy: number, readable = 10) => ({
  started, summary: {people: [{frames: 10, valid_frames: readable, p: [0, 0, 0, happy, 0, 0, 1 - happy]}]},
}) as unknown as Session;

it('takes the mean of a week\'s sessions', () => {
  const weeks = emotionWeeks([session('2026-08-12T12:00:00Z', 0.2), session('2026-08-03T12:00:00Z', 0.4), session('2026-08-09T12:00:00Z', 0.6), session('2026-08-20T12:00:00Z', 1, 4)]);
  expect(weeks.mondays).toEqual(['2026-08-03', '2026-08-10']);
  expect(weeks.of.happy[0]).toBeCloseTo(0.5, 12);
  expect(weeks.of.neutral[1]).toBeCloseTo(0.8, 12);
});
