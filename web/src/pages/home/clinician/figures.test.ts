import {expect, test} from 'vitest';
import type {PersonOverview} from '@/api/records';
import {byUrgency, mainFace, turned, turnOf} from './figures';

const overview = (more: Partial<PersonOverview>): PersonOverview => ({person: 'a', sessions: 3, last_session: '2026-11-20T10:00:00Z', level: null, level_before: null, change: null, weeks: [40], open_alerts: 0, ...more});
const now = Date.parse('2026-11-21');

test('another level than the rated week before is a turn, in its direction', () => {
  expect(turnOf(overview({level: 'elevated', level_before: 'low'}))).toBe('worse');
  expect(turnOf(overview({level: 'moderate', level_before: 'high'}))).toBe('better');
  expect(turnOf(overview({level: 'high'}))).toBeNull();
});

test('the same level is none, unless a change point lies within four weeks', () => {
  const same = {level: 'low', level_before: 'low'} as const;
  expect(turnOf(overview(same))).toBeNull();
  const change = {day: '2026-11-05', change: 'worse' as const};
  expect(turnOf(overview({...same, change}), now)).toBe('worse');
  expect(turnOf(overview({...same, change}), Date.parse('2027-01-20'))).toBeNull();
});

test('only people with a session lately are told, the worse first', () => {
  const better = {level: 'low', level_before: 'high'} as const, worse = {level: 'high', level_before: 'low'} as const;
  const all = [overview({person: 'b', ...better}), overview({person: 'w', ...worse}), overview({person: 'long ago', last_session: '2026-01-01T10:00:00Z', ...worse}),
    overview({person: 'never', last_session: null, ...worse}), overview({person: 'same'})];
  expect(turned(all, Date.parse('2026-11-01'), now).map(({overview: {person}, turn}) => [person, turn])).toEqual([['w', 'worse'], ['b', 'better']]);
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
