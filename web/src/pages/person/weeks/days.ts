// Days on the clock of whoever reads, as "2026-08-03".
const kDay = 86_400_000;

export function dayOf(moment: string): string {
  const at = new Date(moment);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** Noon of a day, in seconds: where a day stands on the axis. */
export const noon = (day: string): number => new Date(`${day}T12:00:00`).getTime() / 1000;
export const midnight = (day: string): number => new Date(`${day}T00:00:00`).getTime() / 1000;

export function plusDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * kDay).toISOString().slice(0, 10);
}

/** The first and the last four weeks of what there is, or its two halves where that is less. */
export function defaultPeriods(first: string, last: string): {before: [string, string]; after: [string, string]} {
  const length = Math.round((Date.parse(`${last}T12:00:00Z`) - Date.parse(`${first}T12:00:00Z`)) / kDay) + 1;
  const each = Math.max(1, Math.min(28, Math.floor(length / 2)));
  return {before: [first, plusDays(first, each - 1)], after: [plusDays(last, 1 - each), last]};
}
