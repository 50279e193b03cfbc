import {expect, test} from 'vitest';
import {framesOf} from './deviceFeed';

test('rows become frames, with an index that goes on from page to page', () => {
  const columns = ['frame', 'time_s', 'face_id', 'valid', 'reason', 'angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral', 'index'];
  const row = (frame: number, face: number, sad: number | null, index: number | null = null) => [frame, frame, face, sad !== null, sad === null ? 'no_face' : '', ...(sad === null ? Array(7).fill(null) : [0, 0, 0, 0, sad, 0, 1 - sad]), index];
  const indices = new Map();
  const first = framesOf({columns, rows: [row(0, 0, 0.2), row(0, 1, 0.6), row(1, -1, null)]}, indices);
  expect(first.map(({frame, faces}) => [frame, faces.map((face) => face.face_id)])).toEqual([[0, [0, 1]], [1, [-1]]]);
  expect(first[0]?.faces.map((face) => face.index)).toEqual([expect.closeTo(42, 9), expect.closeTo(56, 9)]);
  expect(first[1]?.faces[0]?.index).toBeNull();
  const [second] = framesOf({columns, rows: [row(2, 0, 0.4), row(2, 1, 0.6, 12)]}, indices);
  // The mean of both scores, 0.3, and their variance, 0.01; what is told goes before.
  expect(second?.faces.map((face) => face.index)).toEqual([expect.closeTo(100 * (0.7 * 0.65 + 0.3 * 0.01), 9), 12]);
});
