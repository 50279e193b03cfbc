import {readdirSync, readFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {describe, expect, it} from 'vitest';

const src = join(import.meta.dirname, '..');
const catalogues = readdirSync(src, {recursive: true, encoding: 'utf8'}).filter((name) => name.endsWith('.po'));

/** The texts of an entry; long ones stand on several lines. */
const text = (entry: string, key: string) => {
  const from = new RegExp(`^${key} ((?:".*"\\s*)+)`, 'm').exec(entry)?.[1] ?? '';
  return [...from.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part]) => part).join('');
};

describe('catalogues', () => {
  it('are there in both languages', () => {
    expect(catalogues.length).toBeGreaterThan(10);
    for (const name of catalogues) expect(catalogues).toContain(name.endsWith('en.po') ? name.replace(/en\.po$/, 'es.po') : name.replace(/es\.po$/, 'en.po'));
  });
  for (const name of catalogues) {
    it(`${relative('.', name)}: every text is there, with the same places for what varies`, () => {
      for (const entry of readFileSync(join(src, name), 'utf8').split(/\n\n+/)) {
        const id = text(entry, 'msgid'), told = text(entry, 'msgstr');
        if (!id || /^#~/m.test(entry)) continue;
        expect(told, id).not.toBe('');
        // Within a plural, braces hold words as well.
        const varies = /, (plural|select|selectordinal),/.test(id) ? /\{\w+(?=,)|<\/?\d+\/?>/g : /\{\w+(?=[,}])|<\/?\d+\/?>/g;
        const places = (from: string) => [...new Set(from.match(varies) ?? [])].sort();
        expect(places(told), id).toEqual(places(id));
      }
    });
  }
});
