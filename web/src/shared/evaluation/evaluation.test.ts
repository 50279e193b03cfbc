import {expect, test} from 'vitest';
import {classesAsCsv, confusionAsCsv, confusions, ofCell, type Evaluation, type JudgedItem} from './evaluation';

test('the largest mistakes are shares of their true class', () => {
  const matrix = [[8, 2, 0], [0, 1, 1], [0, 0, 0]];
  expect(confusions(matrix)).toEqual([{truth: 1, said: 2, share: 0.5, count: 1}, {truth: 0, said: 1, share: 0.2, count: 2}]);
});

test('a cell holds its pictures, the surest first; those without a face have a cell of their own', () => {
  const item = (name: string, predicted: JudgedItem['predicted'], top: number): JudgedItem => ({name, item: null, label: 'sad', predicted, p: predicted ? [top, 1 - top] : null});
  const items = [item('a', 'fear', 0.6), item('b', 'fear', 0.9), item('c', 'sad', 0.7), item('d', null, 0)];
  expect(ofCell(items, 'sad', 'fear').map(({name}) => name)).toEqual(['b', 'a']);
  expect(ofCell(items, 'sad', null).map(({name}) => name)).toEqual(['d']);
});

test('tables for a spreadsheet', () => {
  const evaluation = {classes: [{class: 'angry', support: 2, predicted: 0, precision: null, recall: 0, recall_95: [0, 0.5], f1: 0}], confusion: [[0]]} as unknown as Evaluation;
  expect(classesAsCsv(evaluation).split('\n')[1]).toBe('angry,2,0,,0,0,0.5,0');
  expect(confusionAsCsv(evaluation)).toBe('true\\predicted,angry\nangry,0\n');
});
