import {expect, test} from 'vitest';
import {findingsOf, pictureOf} from './picture';

const pixels = (...greys: number[]) => new Uint8ClampedArray(greys.flatMap((grey) => [grey, grey, grey, 255]));

test('brightness and contrast of what is seen', () => {
  expect(pictureOf(pixels(0, 255)).brightness).toBeCloseTo(0.5);
  expect(pictureOf(pixels(0, 255)).contrast).toBeCloseTo(0.5);
  expect(pictureOf(pixels(100, 100)).contrast).toBeCloseTo(0);
  expect(pictureOf(new Uint8ClampedArray())).toEqual({brightness: 0, contrast: 0});
});

test('what is wrong is found, a good picture has nothing', () => {
  expect(findingsOf({brightness: 0.45, contrast: 0.2}, 720, 30)).toEqual([]);
  expect(findingsOf({brightness: 0.1, contrast: 0.02}, 720, 30)).toEqual(['dark']);
  expect(findingsOf({brightness: 0.9, contrast: 0.2}, 240, 5)).toEqual(['bright', 'small', 'slow']);
  expect(findingsOf({brightness: 0.5, contrast: 0.01}, 480, null)).toEqual(['flat']);
});
