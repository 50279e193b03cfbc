// Pages can be read from right to left: styles say start and end. Only what is drawn on an axis, in a box with dir="ltr" of its own, knows left and right.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';

const src = join(import.meta.dirname, '..');
const files = readdirSync(src, {recursive: true, encoding: 'utf8'});
const lines = (name: string) => readFileSync(join(src, name), 'utf8').split('\n').map((line, at) => ({line, place: `${name}:${at + 1}`}));

const inCss = /(?<![-\w])(left|right|(margin|padding|border|scroll-margin|scroll-padding)-(left|right)[\w-]*)\s*:|(text-align|float|clear)\s*:\s*(left|right)\b/;
const inCode = /\b(margin|padding|border)(Left|Right)\b|\b(textAlign|float): '(left|right)'|\s(ml|mr|pl|pr)=|\sta="(left|right)"/;

it('style sheets know start and end, not left and right', () => {
  const sheets = files.filter((name) => name.endsWith('.css'));
  expect(sheets.length).toBeGreaterThan(10);
  expect(sheets.flatMap(lines).filter(({line}) => inCss.test(line)).map(({place}) => place)).toEqual([]);
});

it('so do styles in the code, but for boxes that keep their direction', () => {
  const code = files.filter((name) => name.endsWith('.tsx')).flatMap(lines);
  expect(code.length).toBeGreaterThan(1000);
  expect(code.filter(({line}) => inCode.test(line) && !line.includes('dir="ltr"')).map(({place}) => place)).toEqual([]);
});
