import {expect, it} from 'vitest';
import {levelOf} from './levels';

it('never calls a low score of a scale on which more is better low strain', () => {
  expect(levelOf({category: 'low', higher_means: 'more strain'})).toBe('low strain');
  expect(levelOf({category: 'high', higher_means: 'more strain'})).toBe('high strain');
  expect(levelOf({category: 'low', higher_means: 'less strain'})).toBe('low resource');
  expect(levelOf({category: 'moderate', higher_means: 'less strain'})).toBe('moderate resource');
  expect(levelOf({category: null, higher_means: 'less strain'})).toBeNull();
});
