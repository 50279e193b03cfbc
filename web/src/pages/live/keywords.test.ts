import {expect, test} from 'vitest';
import {chipOfKey, openKeyword} from './keywords';

test('a keyword holds until the next one, or until it is ended', () => {
  const at = (s: number) => new Date(s * 1000).toISOString();
  const work = {word: 'work', from: at(10)}, sleep = {word: 'sleep', from: at(20), until: null}, home = {word: 'home', from: at(30), until: at(40)};
  expect(openKeyword([work, sleep], 50_000)?.word).toBe('sleep');
  expect(openKeyword([home, work, sleep], 50_000)).toBeNull();
  expect(openKeyword([home, work, sleep], 35_000)?.word).toBe('home');
  expect(openKeyword([])).toBeNull();
});

test('keys stand for chips, but not while somebody writes', () => {
  const key = (name: string, more: object = {}) => ({key: name, ctrlKey: false, metaKey: false, altKey: false, target: null, ...more});
  expect(chipOfKey(key('1'))).toBe(0);
  expect(chipOfKey(key('9'))).toBe(8);
  expect(chipOfKey(key('0'))).toBeNull();
  expect(chipOfKey(key('3', {ctrlKey: true}))).toBeNull();
  expect(chipOfKey(key('3', {target: {tagName: 'TEXTAREA'} as unknown as EventTarget}))).toBeNull();
});
