// What audit.json of a job tells: whether faces of some groups are found and read worse.
export interface Estimate {
  n: number;
  value: number;
  95: [number, number];
}
export type Group = {group: string; pictures: number; failures: number; said?: Record<string, number>} & Record<string, unknown>;
export interface Gap {
  measure: string;
  highest: string;
  lowest: string;
  gap: number;
  gap_95: [number, number];
  p: number;
  p_holm: number;
}
export interface Attribute {
  attribute: string;
  groups: Group[];
  largest_gaps: Gap[];
  not_told: number;
}
export interface Audit {
  dataset: string;
  model: string;
  head: string;
  labelled: boolean;
  n: number;
  all: Group;
  attributes: Attribute[];
  warnings: string[];
}

export const readAudit = (text: string) => JSON.parse(text) as Audit;

const kOther = new Set(['group', 'pictures', 'failures', 'said']);

function isEstimate(value: unknown): value is Estimate {
  return typeof value === 'object' && value !== null && 'value' in value && 'n' in value;
}

/** Measures that any group of an attribute has, in the order in which they come. */
export function measuresOf(attribute: Attribute): string[] {
  return [...new Set(attribute.groups.flatMap((group) => Object.keys(group).filter((key) => !kOther.has(key) && isEstimate(group[key]))))];
}

export function estimateOf(group: Group, measure: string): Estimate | null {
  const value = group[measure];
  return isEstimate(value) ? value : null;
}

/** Gaps that are more than chance, of all attributes, the largest first. */
export function clearGaps(audit: Audit): (Gap & {attribute: string})[] {
  return audit.attributes.flatMap(({attribute, largest_gaps: gaps}) => gaps.map((gap) => ({...gap, attribute}))).filter(({p_holm: p}) => p < 0.05).sort((a, b) => b.gap - a.gap);
}
