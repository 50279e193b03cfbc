// Keywords and notes laid on the line of time.
import type {Keyword, Note} from '@/api/records';
import type {Frames} from './load';

export interface Interval {
  keyword: Keyword;
  from: number;
  until: number;
  /** It has no end of its own: it lasts to the next keyword, or the session's end. */
  open: boolean;
  row: number;
}

/** Each on the first row where it does not lie over another. */
export function intervalsOf(keywords: readonly Keyword[], frames: Pick<Frames, 'secondsAt'>, end: number): Interval[] {
  const sorted = [...keywords].sort((a, b) => a.from.localeCompare(b.from) || a.id.localeCompare(b.id));
  const starts = sorted.map((keyword) => frames.secondsAt(keyword.from));
  const free: number[] = [];
  return sorted.map((keyword, at) => {
    const from = starts[at] ?? 0;
    const next = starts.slice(at + 1).find((start) => start > from);
    const until = Math.max(from, keyword.until ? frames.secondsAt(keyword.until) : next ?? end);
    let row = free.findIndex((busy) => busy <= from);
    if (row < 0) row = free.length;
    free[row] = until;
    return {keyword, from, until, open: keyword.until === null, row};
  });
}

/** "1:02:03.5", "2:03" or "123" as seconds; null: not a time. */
export function secondsOf(text: string): number | null {
  const parts = text.trim().replace(',', '.').split(':');
  if (parts.length > 3 || parts.some((part) => !/^\d+(\.\d+)?$/.test(part)) || parts.slice(0, -1).some((part) => part.includes('.'))) return null;
  return parts.reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** A time as one would write it, to a tenth. */
export function written(seconds: number): string {
  const tenths = Math.round(Math.max(0, seconds) * 10);
  const [h, m, s] = [Math.floor(tenths / 36000), Math.floor(tenths / 600) % 60, (tenths % 600) / 10];
  const two = (n: number) => String(n).padStart(2, '0');
  const rest = `${two(Math.floor(s))}${s % 1 ? `.${Math.round((s % 1) * 10)}` : ''}`;
  return h ? `${h}:${two(m)}:${rest}` : `${m}:${rest}`;
}

export const noteSeconds = (note: Note, frames: Pick<Frames, 'secondsAt'>): number => frames.secondsAt(note.at ?? note.created);
