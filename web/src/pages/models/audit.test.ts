import {expect, test} from 'vitest';
import {clearGaps, estimateOf, measuresOf, type Audit, type Attribute} from './audit';

const attribute = {
  attribute: 'age', not_told: 0,
  groups: [{group: 'young', pictures: 40, failures: 1, said: {happy: 3}, detected: {n: 40, value: 1, 95: [0.9, 1]}}, {group: 'old', pictures: 3, failures: 0}],
  largest_gaps: [{measure: 'detected', highest: 'young', lowest: 'old', gap: 0.1, gap_95: [0.02, 0.2], p: 0.01, p_holm: 0.03}, {measure: 'accuracy', highest: 'young', lowest: 'old', gap: 0.3, gap_95: [-0.1, 0.6], p: 0.2, p_holm: 0.4}],
} as unknown as Attribute;

test('measures are what has an estimate', () => {
  expect(measuresOf(attribute)).toEqual(['detected']);
  expect(estimateOf(attribute.groups[0]!, 'detected')?.value).toBe(1);
  expect(estimateOf(attribute.groups[0]!, 'said')).toBe(null);
  expect(estimateOf(attribute.groups[1]!, 'detected')).toBe(null);
});

test('only gaps beyond chance stand out', () => {
  expect(clearGaps({attributes: [attribute]} as Audit).map(({measure, attribute: of}) => [measure, of])).toEqual([['detected', 'age']]);
});
