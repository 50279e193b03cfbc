import {expect, test} from 'vitest';
import {doneBySite, isUnfinished, nextStep} from './progress';

const fresh = {site: {version: 1}, users: [{role: 'administrator' as const, simulated: false}], organisations: []};
const demo = {...fresh, users: [...fresh.users, {role: 'clinician' as const, simulated: true}], organisations: [{simulated: true}]};
const used = {site: {version: 2}, users: [...fresh.users, {role: 'clinician' as const, simulated: false}], organisations: [{simulated: false}]};

test('a fresh site has nothing done; a demo does not count', () => {
  expect([...doneBySite(fresh)]).toEqual([]);
  expect([...doneBySite(demo)]).toEqual([]);
  expect([...doneBySite(used)]).toEqual(['site', 'groups', 'people']);
});

test('home reminds until it is finished, or the site is in use', () => {
  expect(isUnfinished(fresh, {seen: [], finished: false})).toBe(true);
  expect(isUnfinished(demo, {seen: [], finished: false})).toBe(true);
  expect(isUnfinished(fresh, {seen: [], finished: true})).toBe(false);
  expect(isUnfinished(used, {seen: [], finished: false})).toBe(false);
});

test('it goes on where it was left', () => {
  expect(nextStep(new Set(), [])).toBe('site');
  expect(nextStep(new Set(['site']), ['groups'])).toBe('people');
  expect(nextStep(new Set(['site', 'groups', 'people']), ['consent', 'camera', 'demo'])).toBe('finish');
});
