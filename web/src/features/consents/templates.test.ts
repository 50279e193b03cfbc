import {expect, test} from 'vitest';
import type {Consent, ConsentTemplate} from '@/api/records';
import {inForce} from './consents';
import {offers} from './templates';

const template = (name: string, mode: ConsentTemplate['mode'], language: string, scopes: ConsentTemplate['scopes'], active = true) => ({id: `${name}-${language}`, name, mode, language, scopes, active}) as ConsentTemplate;
const all = [
  template('pictures', null, 'en', ['store_images']), template('pictures', null, 'es', ['store_images']),
  template('sessions', 'clinical', 'en', ['live_analysis', 'store_observations']), template('sessions', 'clinical', 'es', ['live_analysis', 'store_observations']),
  template('study', 'research', 'en', ['live_analysis', 'research_use']), template('old', 'clinical', 'en', ['live_analysis'], false),
];

test('the texts of this mode, in the language, each scope once', () => {
  const told = offers(all, 'clinical', 'es', ['live_analysis', 'store_observations', 'store_images']);
  expect(told.map((each) => [each.template.id, each.scopes])).toEqual([['sessions-es', ['live_analysis', 'store_observations']], ['pictures-es', ['store_images']]]);
});
test('another language before none; nothing of another mode', () => {
  expect(offers(all, 'clinical', 'fr', ['store_observations']).map((each) => [each.template.id, each.scopes])).toEqual([['sessions-en', ['store_observations']]]);
  expect(offers(all, 'personal', 'en', ['live_analysis'])).toEqual([]);
});
test('what is in force now', () => {
  const at = (s: number) => new Date(s * 1000).toISOString();
  const consent = (more: Partial<Consent>) => ({id: 'c', scopes: ['live_analysis'], from: at(10), until: null, withdrawn: null, ...more}) as Consent;
  expect(inForce([consent({})], 20_000).has('live_analysis')).toBe(true);
  expect(inForce([consent({withdrawn: at(15)})], 20_000).size).toBe(0);
  expect(inForce([consent({until: at(15)})], 20_000).size).toBe(0);
  expect(inForce([consent({from: at(30)})], 20_000).size).toBe(0);
});
