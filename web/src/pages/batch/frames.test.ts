import {expect, test} from 'vitest';
import {FrameReader, stretches} from './frames';

const kHead = 'frame,time_s,utc,face_id,valid,reason,angry,disgust,fear,happy,sad,surprise,neutral,eye_openness,mouth_openness,perclos,yaw_deg,pitch_deg,roll_deg,score,index\n';
const row = (frame: number, face: string, happy: string, valid = '1', reason = '') => `${frame},${frame / 10},2026-01-01T00:00:00Z,${face},${valid},${reason},0,0,0,${happy},0,0,0.5,1,0,,0,0,0,0.1,42\n`;

test('faces apart, gaps with their reason, wherever the pieces break', () => {
  const text = kHead + row(0, '0', '0.25') + row(1, '0', '', '0', 'blurred') + row(1, '3', '0.5') + row(2, '', '', '0', 'no_face') + row(3, '0', '0.75');
  for (const size of [1, 7, 100, text.length]) {
    const reader = new FrameReader();
    for (let at = 0; at < text.length; at += size) reader.push(text.slice(at, at + size));
    const {faces, empty} = reader.end();
    expect(empty).toBe(1);
    expect(faces.map(({id, frames, valid}) => [id, frames, valid])).toEqual([[0, 3, 2], [3, 1, 1]]);
    expect(faces[0]).toMatchObject({time: [0, 0.1, 0.3], gaps: {blurred: 1}});
    expect(faces[0]?.columns.happy).toEqual([0.25, null, 0.75]);
    expect(faces[0]?.columns.perclos).toEqual([null, null, null]);
  }
});

test('a table of the means of stretches of time', () => {
  const reader = new FrameReader();
  reader.push(kHead + [0, 1, 2, 3].map((frame) => row(frame, '0', frame < 2 ? '0.2' : '0.6')).join(''));
  const [face] = reader.end().faces;
  expect(stretches(face!, ['happy', 'perclos'], 2)).toEqual([[0, 0.2, null], [expect.closeTo(0.15), 0.6, null]]);
});

test('another table is refused', () => {
  expect(() => new FrameReader().push('a,b\n')).toThrow();
});
