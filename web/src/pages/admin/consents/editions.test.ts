import {expect, test} from 'vitest';
import type {ConsentTemplate} from '@/api/records';
import {newestOf} from './editions';

const text = (name: string, language: string, edition: number, active = true) => ({id: `${name}${language}${edition}`, name, language, edition, active}) as ConsentTemplate;

test('the newest edition of each name and language, those in use first', () => {
  const found = newestOf([text('b', 'en', 1, false), text('a', 'en', 1, false), text('a', 'en', 3), text('a', 'en', 2, false), text('a', 'es', 1)]);
  expect(found.map(({template, older}) => [template.id, older])).toEqual([['aen3', 2], ['aes1', 0], ['ben1', 0]]);
});
