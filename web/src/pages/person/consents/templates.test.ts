import {expect, it} from 'vitest';
import type {ConsentTemplate} from '@/api/records';
import {templatesFor} from './templates';

const template = (id: string, mode: ConsentTemplate['mode'], language: string) => ({id, mode, language}) as ConsentTemplate;

it('offers texts of the mode in the language, else in English', () => {
  const all = [template('a', 'clinical', 'en'), template('b', 'clinical', 'es'), template('c', 'personal', 'es'), template('d', null, 'en')];
  expect(templatesFor(all, 'clinical', 'es').map(({id}) => id)).toEqual(['b']);
  expect(templatesFor(all, 'research', 'es').map(({id}) => id)).toEqual(['d']);
  expect(templatesFor(all, 'clinical', 'en').map(({id}) => id)).toEqual(['a', 'd']);
});
