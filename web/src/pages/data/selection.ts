// Which pictures of a grid are chosen, by mouse and keyboard as in a file manager; and labels that can be taken back.
import type {Emotion} from '@/app/theme';

export type Label = Emotion | null;

export interface Selection {
  /** Where the keyboard is. */
  cursor: number;
  /** Where a stretch began. */
  anchor: number;
  /** Positions in the grid. */
  chosen: ReadonlySet<number>;
}

export const noSelection: Selection = {cursor: 0, anchor: 0, chosen: new Set()};

const stretch = (from: number, to: number) => new Set(Array.from({length: Math.abs(to - from) + 1}, (_, at) => Math.min(from, to) + at));

export type Move =
  | {kind: 'go'; by: number; extend: boolean; count: number}
  | {kind: 'pick'; at: number; extend: boolean; toggle: boolean}
  | {kind: 'all'; count: number}
  | {kind: 'none'}
  | {kind: 'set'; chosen: ReadonlySet<number>};

export function moved(selection: Selection, move: Move): Selection {
  switch (move.kind) {
    case 'go': {
      const cursor = Math.max(0, Math.min(move.count - 1, selection.cursor + move.by));
      return move.extend ? {...selection, cursor, chosen: stretch(selection.anchor, cursor)} : {cursor, anchor: cursor, chosen: new Set([cursor])};
    }
    case 'pick': {
      if (move.extend) return {...selection, cursor: move.at, chosen: stretch(selection.anchor, move.at)};
      if (!move.toggle) return {cursor: move.at, anchor: move.at, chosen: new Set([move.at])};
      const chosen = new Set(selection.chosen);
      if (!chosen.delete(move.at)) chosen.add(move.at);
      return {cursor: move.at, anchor: move.at, chosen};
    }
    case 'all': return {...selection, chosen: move.count > 0 ? stretch(0, move.count - 1) : new Set()};
    case 'none': return {...selection, chosen: new Set()};
    case 'set': return {...selection, chosen: move.chosen};
  }
}

/** What a key means for labels: 1 to 7 the classes in their order, 0 none; undefined: nothing. */
export function labelOfKey(key: string, classes: readonly Emotion[]): Label | undefined {
  if (key === '0') return null;
  const at = /^[1-9]$/.test(key) ? Number(key) - 1 : -1;
  return classes[at];
}

export interface Change {
  ids: string[];
  label: Label;
}

/** The requests that give pictures their labels of before back: one for each label. */
export function inverse(pictures: readonly {id: string; label: Label}[]): Change[] {
  const by = new Map<Label, string[]>();
  for (const {id, label} of pictures) by.set(label, [...(by.get(label) ?? []), id]);
  return [...by].map(([label, ids]) => ({ids, label}));
}

/** No request takes more than so many. */
export function portions(ids: readonly string[], most = 1000): string[][] {
  return Array.from({length: Math.ceil(ids.length / most)}, (_, at) => ids.slice(at * most, (at + 1) * most));
}
