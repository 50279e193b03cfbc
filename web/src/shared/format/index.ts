// Dates, numbers and durations as the person's language and time zone write them.
import {i18n} from '@lingui/core';

type Moment = string | number | Date;

const memo = new Map<string, unknown>();
function kept<T>(key: string, make: () => T): T {
  const whole = `${i18n.locale}|${key}`;
  if (!memo.has(whole)) memo.set(whole, make());
  return memo.get(whole) as T;
}

function dates(options: Intl.DateTimeFormatOptions) {
  return kept(JSON.stringify(options), () => new Intl.DateTimeFormat(i18n.locale, options));
}

export const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export const date = (at: Moment) => dates({dateStyle: 'medium'}).format(new Date(at));
export const shortDate = (at: Moment) => dates({day: 'numeric', month: 'short'}).format(new Date(at));
export const dateTime = (at: Moment) => dates({dateStyle: 'medium', timeStyle: 'short'}).format(new Date(at));
export const time = (at: Moment) => dates({timeStyle: 'short'}).format(new Date(at));
export const timeWithSeconds = (at: Moment) => dates({timeStyle: 'medium'}).format(new Date(at));
export const weekday = (at: Moment) => dates({weekday: 'long', day: 'numeric', month: 'long'}).format(new Date(at));
export const month = (at: Moment) => dates({month: 'long', year: 'numeric'}).format(new Date(at));

function decimal(value: number | null | undefined, digits: number, signDisplay: 'negative' | 'exceptZero'): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  return kept(`${signDisplay}${digits}`, () => new Intl.NumberFormat(i18n.locale, {minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay})).format(value);
}

export const number = (value: number | null | undefined, digits = 0) => decimal(value, digits, 'negative');

/** A difference with its sign; what rounds to 0 has none. */
export const signed = (value: number | null | undefined, digits = 0) => decimal(value, digits, 'exceptZero');

/** A share 0..1 as per cent. */
export function percent(share: number | null | undefined, digits = 0): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return '–';
  return kept(`p${digits}`, () => new Intl.NumberFormat(i18n.locale, {style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits})).format(share);
}

export function bytes(count: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  let value = count, unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = value < 10 && unit > 0 ? 1 : 0;
  return kept(`b${unit}${digits}`, () => new Intl.NumberFormat(i18n.locale, {style: 'unit', unit: units[unit], unitDisplay: 'short', maximumFractionDigits: digits})).format(value);
}

/** Seconds as 1:02:03 or 2:03. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** "3 days ago", "in 2 hours". */
export function relative(at: Moment, now: Moment = Date.now()): string {
  const seconds = (new Date(at).getTime() - new Date(now).getTime()) / 1000;
  const format = kept('relative', () => new Intl.RelativeTimeFormat(i18n.locale, {numeric: 'auto'}));
  const steps = [['year', 31557600], ['month', 2629800], ['week', 604800], ['day', 86400], ['hour', 3600], ['minute', 60]] as const;
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
  }
  return format.format(Math.round(seconds), 'second');
}
