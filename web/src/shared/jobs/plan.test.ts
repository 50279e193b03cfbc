import {expect, test} from 'vitest';
import {analysisPlan, labelledSet} from './plan';

const chosen = (...paths: string[]) => paths.map((path) => ({path, file: new File(['x'], path)}));

test('each video and archive is a job, pictures are one together', () => {
  const {parts, left} = analysisPlan(chosen('a.mp4', 'b.PNG', 'c.jpg', 'd.tar.gz', 'e.txt', 'f.mov'));
  expect(parts.map(({kind, files}) => [kind, files.length])).toEqual([['video', 1], ['video', 1], ['archive', 1], ['pictures', 2]]);
  expect(left.map(({path}) => path)).toEqual(['e.txt']);
});

test('many pictures travel as one zip', () => {
  const {parts} = analysisPlan(chosen(...Array.from({length: 21}, (_, at) => `${at}.png`)));
  expect(parts).toMatchObject([{zipped: true, kind: 'pictures'}]);
});

test('folders named as the classes are a labelled set', () => {
  const set = labelledSet(chosen('set/happy/1.png', 'set/happy/2.png', 'set/Sad/1.png'));
  expect(set).toMatchObject({counts: {happy: 2, sad: 1}, problem: null, part: {zipped: true, name: 'set'}});
});

test('says what is wrong with what is no labelled set', () => {
  expect(labelledSet(chosen('1.png')).problem).toBe('no-classes');
  expect(labelledSet(chosen('set/joyful/1.png'))).toMatchObject({problem: 'unknown-class', unknown: ['joyful']});
  expect(labelledSet(chosen('a.zip', 'b.zip')).problem).toBe('several');
  expect(labelledSet([]).problem).toBe(null);
});

test('a table beside pictures names the classes itself', () => {
  expect(labelledSet(chosen('set/1.png', 'set/labels.csv'))).toMatchObject({problem: null, part: {zipped: true}});
});
