import {expect, it} from 'vitest';
import {merge, overall, type TopicRow} from './topics';

const row = (keyword: string, frames: number, happy: number, impact: number): TopicRow => ({keyword, times: 1, frames, p: frames ? [0, 0, 0, happy, 0, 0, 1 - happy] : null, score: frames ? -happy : null, impact: frames ? impact : null});

it('weighs people by their frames', () => {
  const rows = merge([[row('work', 10, 0.2, 0.1), row('home', 30, 0.5, 0.05)], [row('work', 30, 0.6, 0.3), row('nights', 0, 0, 0)]]);
  expect(rows.map(({keyword}) => keyword)).toEqual(['work', 'home', 'nights']);
  expect(rows[0]?.p?.[3]).toBeCloseTo(0.5, 12);
  expect(rows[0]?.impact).toBeCloseTo(0.25, 12);
  expect(rows[0]).toMatchObject({people: 2, times: 2, frames: 40});
  expect(rows[2]?.impact).toBeNull();
  expect(overall(rows)?.[3]).toBeCloseTo((20 + 15) / 70, 12);
  expect(overall([])).toBeNull();
});
