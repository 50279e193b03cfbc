// What a job of kind "validate" tells, as far as this page shows it; see docs/validity.md for what each figure is.
export interface Interval {
  value: number | null;
  low: number | null;
  high: number | null;
}
interface Correlation {
  n: number;
  r: number | null;
  low: number | null;
  high: number | null;
  p: number | null;
  permutation_p?: number | null;
}
interface Estimate extends Interval {
  p?: number | null;
}
type Shows = 'nothing' | 'not_how_closely' | 'together';
/** A finding with its numbers; docs/formats.md. */
export type Statement =
  | {what: 'correlation'; pairs: number; r: number; low: number | null; high: number | null; p: number | null; permutation?: {p: number; tried: number; exact: boolean}}
  | {what: 'openness'; shows: Shows}
  | {what: 'pooled'; pairs: number; persons: number; r: number}
  | {what: 'within' | 'between'; r: number; low: number | null; high: number | null; p: number | null; shows: Shows}
  | {what: 'within_unknown' | 'between_unknown'; why: string}
  | {what: 'different_units'}
  | {what: 'agreement'; apart: number; limits?: {bias: number; lower: number; upper: number}; ccc?: {value: number; low: number | null; high: number | null}}
  | {what: 'power'; persons: number; r: number}
  | {what: 'no_power'; persons: number}
  | {what: 'left_out'; rows: number};
export interface Validation {
  score: string;
  survey: string;
  instrument: string | null;
  n: number;
  persons: number;
  left_out: number;
  repeated: boolean;
  pearson: Correlation;
  spearman: Correlation;
  mean_abs_diff: number | null;
  bland_altman: {bias: number; lower: number; upper: number; sd: number} | null;
  ccc: Estimate | null;
  line: {intercept: number; slope: number} | null;
  repeated_measures: {
    rmcorr: Correlation | null;
    between: Correlation | null;
    agreement: {bias: number; lower: number; upper: number} | null;
    mixed: {within: Estimate; between: Estimate} | null;
    retest: {sessions: number; persons: number; score: {icc_a_1: Estimate} | null; survey: {icc_a_1: Estimate} | null} | null;
  } | null;
  groups: {group: string; n: number; persons: number; pearson: Correlation | null; p_holm: number | null}[];
  power: {n: number; alpha: number; detectable_80: number | null; table: {r: number; power: number; n_for_80: number; n_for_90: number; n_for_width_0_2: number}[]} | null;
  why_not: Record<string, string>;
  /** The report's sentences, in English. */
  findings: string[];
  statements?: Statement[];
}

/** [person, score, survey]. */
export type Point = [number, number, number];
export interface Pairs {
  comparisons: {score: string; survey: string; points: Point[]}[];
}

/** One comparison stands by itself in the file, several in a list. */
export function readValidations(text: string): Validation[] {
  const told = JSON.parse(text) as Validation | {comparisons?: Validation[]};
  return 'comparisons' in told && told.comparisons ? told.comparisons : [told as Validation];
}

export const readPairs = (text: string) => JSON.parse(text) as Pairs;
