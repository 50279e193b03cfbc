import {i18n} from '@lingui/core';
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, expect, it} from 'vitest';
import {reasons, reasonText} from './reasons';

const root = join(import.meta.dirname, '../../../../src');
const literals = (text: string) => [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part]) => part).join('');

/** What the statistics say where they refuse, with # for each number. */
function refusals(source: string): string[] {
  return [...source.matchAll(/(?:bad_input|wrong_use|failed)\(([\s\S]*?)\);\n/g)].flatMap(([, words = '']) => {
    // A number is put in, or the name of a column.
    const text = literals(words.replace(/std::to_string\((?:[^()]|\([^()]*\))*\)/g, '"#"').replace(/std::string\(name\)/g, '"@"')).replace(/\d+/g, '#');
    return text.includes('@') ? ['x', 'y'].map((name) => text.replace('@', name)) : [text];
  });
}

beforeAll(() => i18n.loadAndActivate({locale: 'en', messages: {}}));

it('has a text for every reason that the server may give', () => {
  const folder = join(root, 'stats');
  const said = readdirSync(folder).filter((name) => /\.[ch]pp$/.test(name) && !/_test\./.test(name)).flatMap((name) => refusals(readFileSync(join(folder, name), 'utf8')));
  const validity = readFileSync(join(root, 'validity/validation.cpp'), 'utf8');
  said.push(...[...validity.matchAll(/(?:\bstd::string \w+_why|\.why_not) =\s*((?:"[^"]*"\s*)+);/g)].map(([, words = '']) => literals(words)));
  expect(said.length).toBeGreaterThan(25);
  expect(said).toContain('persons repeat');
  expect([...new Set(said)].filter((each) => !(each in reasons))).toEqual([]);
  expect(Object.keys(reasons).filter((each) => !said.includes(each)), 'nobody says these any more').toEqual([]);
});

it('puts the numbers back, and leaves what it does not know', () => {
  expect(reasonText('there are 2 pairs; a correlation needs at least 3')).toBe('a correlation needs at least 3 pairs, and there are 2');
  expect(reasonText('something new')).toBe('something new');
});
