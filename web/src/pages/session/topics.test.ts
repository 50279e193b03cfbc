import {expect, it} from 'vitest';
import type {Interval} from './intervals';
import {topicsOf} from './topics';
import {Track} from './track';

it('ranks words by how far the score is from the session\'s mean', () => {
  const track = new Track();
  // Mean of the session: 0.1.
  [0, 0, 0.5, 0.5, 0, 0, -0.1, -0.1, 0.1, 0.1].forEach((score, second) => track.push(second, {score, happy: 1 - score, sad: score}));
  const interval = (word: string, from: number, until: number) => ({keyword: {word}, from, until}) as Interval;
  const topics = topicsOf(track, [interval('work', 2, 3), interval('home', 8, 9), interval('nights', 20, 30), interval('work', 6, 7)]);
  expect(topics.map(({word}) => word)).toEqual(['work', 'home', 'nights']);
  expect(topics[0]?.impact).toBeCloseTo(0.3, 6);
  expect(topics[0]?.times).toBe(2);
  expect(topics[0]?.shift).toBeCloseTo(0.1, 6);
  expect(topics[1]?.impact).toBeCloseTo(0, 6);
  expect(topics[0]?.p?.[4]).toBeCloseTo(0.2, 6);
  expect(topics[2]?.impact).toBeNull();
});
