import {expect, test} from 'vitest';
import {byUrgency, mainFace, peopleOf, turnOf, type Week} from './figures';

const week = (monday: string, level: Week['level'], value: number | null = 40): Week => ({week: monday, monday, days: 3, value, perclos: null, state: level ? 'settled' : 'starting', level, changed: false});
const none = {points: [], lag1: 0};

test('another level than the rated week before is a turn, in its direction', () => {
  const turn = turnOf({higher: 'worse', changes: none, weeks: [week('2026-11-02', 'low'), week('2026-11-09', null, null), week('2026-11-16', 'elevated')]});
  expect(turn?.how).toBe('worse');
  expect(turn?.before?.level).toBe('low');
  expect(turnOf({higher: 'worse', changes: none, weeks: [week('2026-11-02', 'high'), week('2026-11-09', 'moderate')]})?.how).toBe('better');
});

test('the same level is none, unless a change point lies within four weeks', () => {
  const weeks = [week('2026-11-02', 'low'), week('2026-11-09', 'low')];
  expect(turnOf({higher: 'worse', changes: none, weeks})).toBeNull();
  const changes = {points: [{day: '2026-11-05', median_before: 30, median_after: 50, change: 'worse' as const}], lag1: 0};
  expect(turnOf({higher: 'worse', changes, weeks}, Date.parse('2026-11-20'))?.how).toBe('worse');
  expect(turnOf({higher: 'worse', changes, weeks}, Date.parse('2027-01-20'))).toBeNull();
  expect(turnOf({higher: 'worse', changes: {error: 'too few days'}, weeks})).toBeNull();
});

test('people are told once, the newest first, and no more than asked for', () => {
  const sessions = [{person: 'a', started: '2026-11-20T10:00:00Z'}, {person: 'b', started: '2026-11-19T10:00:00Z'}, {person: 'a', started: '2026-11-18T10:00:00Z'}, {person: 'c', started: '2026-01-01T10:00:00Z'}];
  expect(peopleOf(sessions, Date.parse('2026-11-01'), 10)).toEqual(['a', 'b']);
  expect(peopleOf(sessions, 0, 1)).toEqual(['a']);
});

test('the main face is the one that was seen most', () => {
  const face = (face_id: number, valid_frames: number) => ({face_id, valid_frames}) as never;
  expect(mainFace({summary: {people: [face(1, 5), face(2, 50)], frames: 60, notice: ''}})?.face_id).toBe(2);
  expect(mainFace({summary: null})).toBeNull();
});

test('alerts that nobody has seen come first, the higher level first', () => {
  const alert = (id: number, state: 'new' | 'acknowledged', level: 'none' | 'moderate' | 'high') => ({id, state, level});
  expect(byUrgency([alert(1, 'acknowledged', 'high'), alert(2, 'new', 'moderate'), alert(3, 'new', 'high'), alert(4, 'new', 'moderate')]).map((each) => each.id)).toEqual([3, 2, 4, 1]);
});
