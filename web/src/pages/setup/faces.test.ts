import {expect, test} from 'vitest';
import {placeOf} from './faces';

test('a box on the left of the picture is shown on the right, as in a mirror', () => {
  expect(placeOf([0, 50, 100, 100], {width: 400, height: 200})).toEqual({left: '75.00%', top: '25.00%', width: '25.00%', height: '50.00%'});
});
