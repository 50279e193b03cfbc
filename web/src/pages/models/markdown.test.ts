import {expect, test} from 'vitest';
import {blocks, inline} from './markdown';

test('what a card holds', () => {
  const card = '# Model card: expression 1.2.0\n\n## Limits\n\nReads what a face\nexpresses, **not** `felt`.\n\n- one\n- two\n\nFigures:\n\n| class | n |\n|---|---:|\n| a\\|b | 12 |\n\n```\nx < y\n```\n';
  expect(blocks(card).map(({kind}) => kind)).toEqual(['heading', 'heading', 'paragraph', 'list', 'paragraph', 'table', 'code']);
  expect(blocks(card)[2]).toEqual({kind: 'paragraph', inline: [{kind: 'text', text: 'Reads what a face expresses, '}, {kind: 'strong', text: 'not'}, {kind: 'text', text: ' '}, {kind: 'code', text: 'felt'}, {kind: 'text', text: '.'}]});
  expect(blocks(card)[5]).toMatchObject({end: [false, true], head: [[{text: 'class'}], [{text: 'n'}]], rows: [[[{text: 'a|b'}], [{text: '12'}]]]});
});

test('escaped signs are signs', () => {
  expect(inline('hold\\_out\\_product \\*not bold\\* \\[1,1,48,48\\] \\<b\\>')).toEqual([{kind: 'text', text: 'hold_out_product *not bold* [1,1,48,48] <b>'}]);
});

test('only addresses of the web are links', () => {
  expect(inline('[a](javascript:alert(1))')[0]).toEqual({kind: 'text', text: 'a'});
  expect(inline('[a](https://example.org/x)')).toEqual([{kind: 'link', text: 'a', to: 'https://example.org/x'}]);
});

test('any text ends, and keeps its words', () => {
  for (const text of ['|', '- ', '#', '```', '| a |\n|---|', '* *', '\\', '**', '1.', 'a\n|---|\n']) expect(Array.isArray(blocks(text))).toBe(true);
});
