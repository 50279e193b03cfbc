import {expect, test} from 'vitest';
import {emotions} from '@/app/theme';
import {inverse, labelOfKey, moved, noSelection, portions} from './selection';

test('arrows move within the grid, with shift they choose a stretch', () => {
  let at = moved(noSelection, {kind: 'go', by: 1, extend: false, count: 10});
  expect([...at.chosen]).toEqual([1]);
  at = moved(at, {kind: 'go', by: 5, extend: true, count: 10});
  expect([...at.chosen]).toEqual([1, 2, 3, 4, 5, 6]);
  at = moved(at, {kind: 'go', by: -50, extend: true, count: 10});
  expect([at.cursor, [...at.chosen]]).toEqual([0, [0, 1]]);
  expect(moved(at, {kind: 'go', by: 99, extend: false, count: 10}).cursor).toBe(9);
});

test('clicks choose one, toggle, or choose a stretch', () => {
  let at = moved(noSelection, {kind: 'pick', at: 4, extend: false, toggle: false});
  at = moved(at, {kind: 'pick', at: 7, extend: false, toggle: true});
  expect([...at.chosen]).toEqual([4, 7]);
  at = moved(at, {kind: 'pick', at: 4, extend: false, toggle: true});
  expect([...at.chosen]).toEqual([7]);
  expect([...moved(at, {kind: 'pick', at: 6, extend: true, toggle: false}).chosen]).toEqual([4, 5, 6]);
  expect(moved(at, {kind: 'all', count: 3}).chosen.size).toBe(3);
  expect(moved(at, {kind: 'none'}).chosen.size).toBe(0);
});

test('keys are the classes in their order', () => {
  expect(labelOfKey('1', emotions)).toBe('angry');
  expect(labelOfKey('7', emotions)).toBe('neutral');
  expect(labelOfKey('0', emotions)).toBe(null);
  expect(labelOfKey('8', emotions)).toBe(undefined);
  expect(labelOfKey('a', emotions)).toBe(undefined);
});

test('what was labelled together is given back label by label', () => {
  expect(inverse([{id: 'a', label: null}, {id: 'b', label: 'sad'}, {id: 'c', label: null}])).toEqual([{ids: ['a', 'c'], label: null}, {ids: ['b'], label: 'sad'}]);
  expect(portions(['a', 'b', 'c'], 2)).toEqual([['a', 'b'], ['c']]);
});
