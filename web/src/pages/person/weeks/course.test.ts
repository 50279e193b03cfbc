import {expect, it} from 'vitest';
import {columnsOf, type Course} from './course';

it('lays everything on one axis', () => {
  const course: Course = {
    from: 0, until: 100, level: [{x: 20, level: 5, low: 3, high: 7}], readings: [{x: 10, y: 4}, {x: 20, y: 6}], surveys: [{x: 90, y: 50}], changes: [], thresholds: [],
  };
  const [x, high, low, level, readings, surveys] = columnsOf(course);
  expect(x).toEqual([0, 10, 20, 90, 100]);
  expect(low).toEqual([null, null, 3, null, null]);
  expect(high[2]).toBe(7);
  expect(level[2]).toBe(5);
  expect(readings).toEqual([null, 4, 6, null, null]);
  expect(surveys).toEqual([null, null, null, 50, null]);
});
