// Two stretches of days compared, and weekly means: small sums that a page may do itself.

export interface Compared {
  before: number;
  after: number;
  daysBefore: number;
  daysAfter: number;
  difference: number;
  /** 95 %, after Welch, days taken as independent. Null: too few days. */
  interval: [number, number] | null;
}

/** The 97.5 % quantile of Student's t (Fisher's expansion about the normal's; within 0.2 % from 3 degrees of freedom on). */
export function quantile975(degrees: number): number {
  const z = 1.959963984540054, v = degrees;
  return z + (z ** 3 + z) / (4 * v) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * v ** 2) + (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * v ** 3)
    + (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / (92160 * v ** 4);
}

export const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function variance(values: readonly number[]): number {
  const m = mean(values);
  return values.reduce((sum, value) => sum + (value - m) ** 2, 0) / (values.length - 1);
}

export function compare(before: readonly number[], after: readonly number[]): Compared | null {
  if (before.length === 0 || after.length === 0) return null;
  const out = {before: mean(before), after: mean(after), daysBefore: before.length, daysAfter: after.length, difference: mean(after) - mean(before)};
  if (before.length < 3 || after.length < 3) return {...out, interval: null};
  const a = variance(before) / before.length, b = variance(after) / after.length;
  if (a + b === 0) return {...out, interval: [out.difference, out.difference]};
  const degrees = (a + b) ** 2 / (a ** 2 / (before.length - 1) + b ** 2 / (after.length - 1));
  const half = quantile975(Math.max(degrees, 2)) * Math.sqrt(a + b);
  return {...out, interval: [out.difference - half, out.difference + half]};
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] ?? Number.NaN : ((sorted[half - 1] ?? Number.NaN) + (sorted[half] ?? Number.NaN)) / 2;
}

/** Several values of one day count once, by their median. */
export function byDay<Row>(rows: readonly Row[], dayOf: (row: Row) => string, valueOf: (row: Row) => number | null | undefined): Map<string, number> {
  const all = new Map<string, number[]>();
  for (const row of rows) {
    const value = valueOf(row);
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    const day = dayOf(row);
    const there = all.get(day);
    if (there) there.push(value);
    else all.set(day, [value]);
  }
  return new Map([...all].map(([day, values]) => [day, median(values)]));
}

/** The days of a map that lie in a stretch, both ends included. */
export function within(days: ReadonlyMap<string, number>, [from, until]: readonly [string, string]): number[] {
  return [...days].filter(([day]) => day >= from && day <= until).map(([, value]) => value);
}
