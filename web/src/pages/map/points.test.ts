import {expect, test} from 'vitest';
import {extent, tally, type ExpressionMap, type SetPoint} from './points';

test('the map keeps its extent, with room around', () => {
  const map = {points: [{x: 0, y: 10, label: 'sad'}, {x: 100, y: 20, label: 'sad'}], centres: {sad: {x: 50, y: 15}}} as unknown as ExpressionMap;
  expect(extent(map)).toEqual({x: [-5, 105], y: [9, 21]});
  expect(extent({points: [], centres: {}} as unknown as ExpressionMap)).toEqual({x: [0, 1], y: [0, 1]});
});

test('labels with what the model says otherwise', () => {
  const point = (label: SetPoint['label'], predicted: SetPoint['predicted']): SetPoint => ({x: 0, y: 0, item: null, name: '', label, predicted});
  expect(tally([point('sad', 'sad'), point('sad', 'fear'), point(null, 'sad')])).toEqual([{label: 'sad', count: 2, otherwise: 1}, {label: null, count: 1, otherwise: 0}]);
});
