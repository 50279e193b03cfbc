// frames.csv as series: only the columns that are drawn, face by face, from pieces of text as they come.
import {emotions} from '@/app/theme';

export const kColumns = [...emotions, 'index', 'eye_openness', 'mouth_openness', 'perclos', 'yaw_deg', 'pitch_deg', 'roll_deg'] as const;
export type Column = (typeof kColumns)[number];
export type Series = (number | null)[];

export interface Face {
  id: number;
  time: number[];
  columns: Record<Column, Series>;
  frames: number;
  valid: number;
  /** Why frames could not be read, by reason. */
  gaps: Record<string, number>;
}

export interface Frames {
  faces: Face[];
  /** Frames in which nobody was seen. */
  empty: number;
}

const newFace = (id: number): Face => ({id, time: [], columns: Object.fromEntries(kColumns.map((each) => [each, [] as Series])) as Record<Column, Series>, frames: 0, valid: 0, gaps: {}});

export class FrameReader {
  private rest = '';
  private at: {time: number; face: number; valid: number; reason: number; drawn: number[]} | null = null;
  private readonly faces = new Map<number, Face>();
  private empty = 0;

  push(text: string) {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.line(line);
  }
  end(): Frames {
    if (this.rest) this.line(this.rest);
    this.rest = '';
    return {faces: [...this.faces.values()].sort((a, b) => b.frames - a.frames), empty: this.empty};
  }

  private line(line: string) {
    // No text of this table holds a comma: reasons come from a fixed list.
    const cells = line.trimEnd().split(',');
    if (!this.at) {
      const find = (name: string) => cells.indexOf(name);
      this.at = {time: find('time_s'), face: find('face_id'), valid: find('valid'), reason: find('reason'), drawn: kColumns.map(find)};
      if (this.at.time < 0 || this.at.face < 0) throw new Error('frames.csv has other columns');
      return;
    }
    const id = cells[this.at.face];
    if (id === undefined || id === '') {
      if (line) this.empty += 1;
      return;
    }
    let face = this.faces.get(Number(id));
    if (!face) this.faces.set(Number(id), (face = newFace(Number(id))));
    face.frames += 1;
    if (cells[this.at.valid] === '1') face.valid += 1;
    else face.gaps[cells[this.at.reason] ?? ''] = (face.gaps[cells[this.at.reason] ?? ''] ?? 0) + 1;
    face.time.push(Number(cells[this.at.time]));
    kColumns.forEach((column, c) => {
      const text = cells[this.at!.drawn[c]!];
      face.columns[column].push(text === undefined || text === '' ? null : Number(text));
    });
  }
}

/** Read piece by piece, so that the page stays quick with an hour of frames. */
export async function readFrames(stream: ReadableStream<Uint8Array>, progress?: (bytes: number) => void): Promise<Frames> {
  const reader = new FrameReader();
  const decoder = new TextDecoder();
  const source = stream.getReader();
  for (let bytes = 0; ;) {
    const {done, value} = await source.read();
    if (done) break;
    bytes += value.length;
    reader.push(decoder.decode(value, {stream: true}));
    progress?.(bytes);
  }
  return reader.end();
}

/** Means of equal stretches of time, for a table that can be read. */
export function stretches(face: Face, columns: readonly Column[], most = 40): (number | null)[][] {
  const first = face.time[0] ?? 0, last = face.time.at(-1) ?? 0, step = (last - first) / most || 1;
  const sums = new Map<number, {n: number[]; sum: number[]}>();
  face.time.forEach((time, at) => {
    const slot = Math.min(most - 1, Math.floor((time - first) / step));
    const one = sums.get(slot) ?? {n: columns.map(() => 0), sum: columns.map(() => 0)};
    columns.forEach((column, c) => {
      const value = face.columns[column][at];
      if (value !== null && value !== undefined) { one.n[c]! += 1; one.sum[c]! += value; }
    });
    sums.set(slot, one);
  });
  return [...sums.entries()].sort(([a], [b]) => a - b).map(([slot, {n, sum}]) => [first + slot * step, ...sum.map((value, c) => (n[c]! > 0 ? value / n[c]! : null))]);
}
