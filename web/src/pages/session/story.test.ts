import {expect, it} from 'vitest';
import {storiesOf} from './story';

it('reads what it knows and passes over the rest', () => {
  const [story] = storiesOf([{face_id: 2, step_s: 60, models: null, session: {score: 0.1, parts: {score: {sad: 0.2, happy: -0.3, fatigue: null}}}, steps: [{from_s: 60, score: null, parts: {score: {}}, change: null}]}]);
  expect(story?.session).toEqual([{name: 'happy', value: -0.3}, {name: 'sad', value: 0.2}]);
  expect(story?.steps).toEqual([{from: 60, score: null, parts: []}]);
  expect(storiesOf({})).toEqual([]);
});
