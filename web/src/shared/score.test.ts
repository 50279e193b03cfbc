import {expect, it} from 'vitest';
import {RollingIndex, scoreOf} from './score';

it('is as the documents work it out', () => {
  expect(scoreOf([0.1, 0.05, 0.15, 0.2, 0.25, 0.05, 0.2])).toBeCloseTo(0.35, 12);
  const index = new RollingIndex();
  let last = 0;
  [0.2, 0.4, -0.1, 0.5].forEach((score, at) => { last = index.push(at, score); });
  expect(last).toBeCloseTo(45.325, 9);
  expect(index.push(61.5, 0.5)).toBeCloseTo(100 * (0.7 * ((-0.1 + 0.5 + 0.5) / 3 + 1) / 2 + 0.3 * ((0.01 + 0.25 + 0.25) / 3 - 0.3 ** 2)), 9);
  expect(index.push(500, Number.NaN)).toBeNaN();
});
