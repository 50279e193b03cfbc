// A session's frames as columns of numbers, and coarser copies of them: what is drawn has no more points than the screen.

export const kEmotions = ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'] as const;
export const channels = [...kEmotions, 'score', 'index', 'eye_openness', 'mouth_openness', 'perclos', 'yaw_deg', 'pitch_deg', 'roll_deg'] as const;
export type Channel = (typeof channels)[number];

/** One numbers' column that grows, with sums of pairs, fours, eights … beside it. */
export class Column {
  private values = new Float32Array(1024);
  length = 0;
  /** Whether there is any value at all. */
  known = false;
  /** Level k has the mean of 2^(k+1) frames each; only what is whole. */
  private levels: {mean: Float32Array; count: Float32Array; length: number}[] = [];

  push(value: number) {
    if (this.length === this.values.length) this.values = grown(this.values);
    this.values[this.length++] = value;
    this.known ||= !Number.isNaN(value);
  }
  at(index: number): number {
    return this.values[index] ?? Number.NaN;
  }
  /** Brings the coarser copies up to what came since. */
  settle() {
    for (let level = 0; ; ++level) {
      const below = level === 0 ? this.length : this.levels[level - 1]?.length ?? 0;
      const wanted = below >> 1;
      if (wanted === 0) break;
      const there = (this.levels[level] ??= {mean: new Float32Array(512), count: new Float32Array(512), length: 0});
      while (there.mean.length < wanted) {
        there.mean = grown(there.mean);
        there.count = grown(there.count);
      }
      for (let at = there.length; at < wanted; ++at) {
        const [a, b] = [this.read(level, 2 * at), this.read(level, 2 * at + 1)];
        const [n, m] = [this.weight(level, 2 * at), this.weight(level, 2 * at + 1)];
        there.count[at] = n + m;
        there.mean[at] = n + m === 0 ? Number.NaN : ((n ? a * n : 0) + (m ? b * m : 0)) / (n + m);
      }
      there.length = wanted;
    }
  }
  /** The value at a level: 0 is the frames themselves. */
  read(level: number, at: number): number {
    return level === 0 ? this.at(at) : this.levels[level - 1]?.mean[at] ?? Number.NaN;
  }
  private weight(level: number, at: number): number {
    return level === 0 ? (Number.isNaN(this.at(at)) ? 0 : 1) : this.levels[level - 1]?.count[at] ?? 0;
  }
  /** Mean over the frames from `begin` to before `end`. */
  mean(begin: number, end: number): number {
    let sum = 0, count = 0;
    for (let at = begin; at < end; ++at) {
      const value = this.at(at);
      if (Number.isNaN(value)) continue;
      sum += value;
      count += 1;
    }
    return count === 0 ? Number.NaN : sum / count;
  }
}

function grown(of: Float32Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(of.length * 2);
  out.set(of);
  return out;
}

/** What was seen of one face. */
export class Track {
  time = new Float64Array(1024);
  length = 0;
  readonly columns = Object.fromEntries(channels.map((channel) => [channel, new Column()])) as Record<Channel, Column>;
  /** Times at which a blink, a yawn, a nod ended. */
  readonly events: Record<'blink' | 'yawn' | 'nod', number[]> = {blink: [], yawn: [], nod: []};

  push(time: number, values: Partial<Record<Channel, number | null>>) {
    if (this.length > 0 && time <= this.last) return;
    if (this.length === this.time.length) {
      const more = new Float64Array(this.time.length * 2);
      more.set(this.time);
      this.time = more;
    }
    this.time[this.length++] = time;
    for (const channel of channels) this.columns[channel].push(values[channel] ?? Number.NaN);
  }
  settle() {
    for (const channel of channels) this.columns[channel].settle();
  }
  get first(): number {
    return this.length > 0 ? this.time[0] ?? 0 : 0;
  }
  get last(): number {
    return this.length > 0 ? this.time[this.length - 1] ?? 0 : 0;
  }
  /** The first frame at this time or later. */
  indexAt(time: number): number {
    let low = 0, high = this.length;
    while (low < high) {
      const half = (low + high) >> 1;
      if ((this.time[half] ?? 0) < time) low = half + 1;
      else high = half;
    }
    return low;
  }
}

export type Drawn = [number[], ...(number | null)[][]];

/** What a chart of this width draws of a stretch: about a point for each pixel at most, and one beyond either end. */
export function drawn(track: Track, names: readonly Channel[], from: number, until: number, pixels: number, into: Drawn = [[], ...names.map(() => [])]): Drawn {
  const begin = Math.max(0, track.indexAt(from) - 1), end = Math.min(track.length, track.indexAt(until) + 1);
  let level = 0;
  while ((end - begin) >> level > 1.5 * pixels) ++level;
  const step = 1 << level;
  const first = begin >> level, last = Math.min(Math.ceil(end / step), track.length >> level);
  const times = into[0];
  let count = 0;
  for (let at = first; at < last; ++at) times[count++] = track.time[at * step + (step >> 1)] ?? 0;
  times.length = count;
  names.forEach((name, which) => {
    const column = track.columns[name], out = into[which + 1] ?? [];
    for (let at = 0; at < count; ++at) {
      const value = column.read(level, first + at);
      out[at] = Number.isNaN(value) ? null : value;
    }
    out.length = count;
  });
  return into;
}
