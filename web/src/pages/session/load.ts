// Reads a session's frames page by page; what is there can be looked at while the rest comes.
import {api, body} from '@/api/client';
import {RollingIndex, scoreOf} from '@/shared/score';
import {channels, kEmotions, Track, type Channel} from './track';

const asked = ['frame', 'time_s', 'utc', 'face_id', 'valid', 'blink', 'yawning', 'nod', ...channels] as const;
/** A gap is drawn where nothing is known for longer. */
const kGapS = 1;

export class Frames {
  readonly tracks = new Map<number, Track>();
  private readonly rolling = new Map<number, RollingIndex>();
  /** Unix time (ms) of second 0. */
  origin: number | null = null;
  frames = 0;
  done = false;

  clear() {
    this.tracks.clear();
    this.rolling.clear();
    this.frames = 0;
    this.origin = null;
    this.done = false;
  }
  add(columns: readonly string[], rows: readonly unknown[][]) {
    const place = Object.fromEntries(columns.map((column, at) => [column, at]));
    const at = (row: readonly unknown[], column: string): unknown => { const index = place[column]; return index === undefined ? null : row[index]; };
    const values: Partial<Record<Channel, number | null>> = {};
    let frame = -1;
    for (const row of rows) {
      const time = at(row, 'time_s');
      if (typeof time !== 'number') continue;
      const utc = at(row, 'utc');
      if (this.origin === null && typeof utc === 'string') this.origin = Date.parse(utc) - time * 1000;
      if (at(row, 'frame') !== frame) this.frames += 1;
      frame = Number(at(row, 'frame'));
      const face = at(row, 'face_id');
      if (typeof face !== 'number') continue;
      let track = this.tracks.get(face);
      if (!track) this.tracks.set(face, (track = new Track()));
      let rolling = this.rolling.get(face);
      if (!rolling) this.rolling.set(face, (rolling = new RollingIndex()));
      if (track.length > 0 && time - track.last > kGapS) track.push(track.last + kGapS / 2, {});
      for (const channel of channels) {
        const value = at(row, channel);
        values[channel] = typeof value === 'number' ? value : null;
      }
      if (values.score === null) {
        const score = scoreOf(kEmotions.map((emotion) => values[emotion] ?? Number.NaN));
        values.score = Number.isNaN(score) ? null : score;
      }
      if (values.index === null) {
        const index = rolling.push(time, values.score ?? Number.NaN);
        values.index = Number.isNaN(index) ? null : index;
      }
      track.push(time, values);
      if (at(row, 'blink') === true) track.events.blink.push(time);
      if (at(row, 'nod') === true) track.events.nod.push(time);
      if (at(row, 'yawning') === true && time - (track.events.yawn.at(-1) ?? -10) > 5) track.events.yawn.push(time);
    }
    for (const track of this.tracks.values()) track.settle();
  }
  /** The face that was seen most. */
  main(): number | null {
    let best: number | null = null, most = -1;
    for (const [face, track] of this.tracks) {
      if (track.length > most) [best, most] = [face, track.length];
    }
    return best;
  }
  secondsAt(moment: string): number {
    return this.origin === null ? 0 : (Date.parse(moment) - this.origin) / 1000;
  }
  momentAt(seconds: number): string {
    return new Date((this.origin ?? 0) + seconds * 1000).toISOString();
  }
}

/** Calls `onPage` after each page, until all is there or `signal` ends it. */
export async function loadFrames(session: string, frames: Frames, onPage: () => void, signal: AbortSignal) {
  let after: number | undefined;
  while (!signal.aborted) {
    const page = await body(api.GET('/api/v1/sessions/{session}/observations', {params: {path: {session}, query: {limit: 2000, after, columns: asked.join(',')}}, signal}));
    if (typeof page === 'string') break;
    frames.add(page.columns, page.rows as unknown[][]);
    if (page.next === null) break;
    after = page.next;
    onPage();
  }
  if (signal.aborted) return;
  frames.done = true;
  onPage();
}
