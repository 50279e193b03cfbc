// Topics of several people put together: sums of frames, so that a long talk counts more than a word.
import type {components} from '@/api/schema';
import {emotions} from '@/app/theme';

export type TopicRow = components['schemas']['Topics']['rows'][number];

export interface Merged {
  keyword: string;
  people: number;
  times: number;
  frames: number;
  p: number[] | null;
  score: number | null;
  impact: number | null;
}

export function merge(of: readonly (readonly TopicRow[])[]): Merged[] {
  const found = new Map<string, Merged & {p: number[]; score: number; impact: number}>();
  for (const rows of of) {
    for (const row of rows) {
      let into = found.get(row.keyword);
      if (!into) found.set(row.keyword, (into = {keyword: row.keyword, people: 0, times: 0, frames: 0, p: emotions.map(() => 0), score: 0, impact: 0}));
      into.people += 1;
      into.times += row.times;
      if (!row.p || row.frames === 0) continue;
      into.frames += row.frames;
      into.p = into.p.map((sum, at) => sum + (row.p?.[at] ?? 0) * row.frames);
      into.score += (row.score ?? 0) * row.frames;
      into.impact += (row.impact ?? 0) * row.frames;
    }
  }
  return [...found.values()].map((row) => (row.frames === 0 ? {...row, p: null, score: null, impact: null} : {...row, p: row.p.map((sum) => sum / row.frames), score: row.score / row.frames, impact: row.impact / row.frames}))
    .sort((a, b) => (b.impact ?? -1) - (a.impact ?? -1) || b.frames - a.frames);
}

/** The mean over all frames of all keywords, from which each keyword differs. */
export function overall(rows: readonly Merged[]): number[] | null {
  const frames = rows.reduce((sum, row) => sum + row.frames, 0);
  if (frames === 0) return null;
  return emotions.map((_, at) => rows.reduce((sum, row) => sum + (row.p?.[at] ?? 0) * row.frames, 0) / frames);
}
