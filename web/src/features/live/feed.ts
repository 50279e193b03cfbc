// What a running session has told so far, kept outside React: thirty messages a second redraw a canvas at once, and the panels
// beside it as often as somebody can read.
import {useEffect, useReducer} from 'react';
import {SteadyHint, hintOf, type Hint} from './hints';
import type {Down, Face, Forecast, MeshShape, Observed} from './protocol';

/** Values of one face, some a second, for a rolling view. */
export interface Series {
  time: number[];
  index: (number | null)[];
  eyes: (number | null)[];
  p: (number | null)[][];
}

export interface Track {
  id: number;
  frames: number;
  lastTime: number;
  yawns: number;
  yawning: boolean;
  series: Series;
}

const kEveryS = 0.2;
const kWindowS = 180;
const kForgetS = 120;
const kRateWindow = 60;

const nothing = (value: number | null | undefined) => value ?? null;

export class LiveFeed {
  latest: Observed | null = null;
  shape: MeshShape | null = null;
  forecast: Forecast | null = null;
  camera: 'opening' | 'there' | 'lost' | null = null;
  kept = -1;
  /** The last thing that went wrong, with when. */
  problem: {slug: string; at: number} | null = null;
  readonly tracks = new Map<number, Track>();
  readonly hint = new SteadyHint();
  /** How far the server's clock is before this one's, as near as the way allows; and where the session's seconds begin on it. */
  private aheadMs: number | null = null;
  private beginMs: number | null = null;
  private chosen: number | null = null;
  private readonly arrivals: number[] = [];
  private readonly hearers = new Set<() => void>();

  constructor(private readonly now: () => number = () => performance.now() / 1000) {}

  /** Called with each frame, and when another face is chosen: also while nothing comes. */
  subscribe(hearer: () => void): () => void {
    this.hearers.add(hearer);
    return () => void this.hearers.delete(hearer);
  }

  take(message: Down) {
    switch (message.type) {
      case 'observations': this.observe(message); break;
      case 'mesh': this.shape = message; break;
      case 'forecast': this.forecast = message; break;
      case 'kept': this.kept = Math.max(this.kept, message.frame); break;
      case 'camera':
        this.camera = message.state;
        if (message.state === 'lost') this.latest = null; // what was seen last is not what is
        this.tell();
        break;
      case 'problem': this.problem = {slug: message.slug, at: this.now()}; break;
      default: break;
    }
  }

  choose(face: number | null) {
    this.chosen = face;
    this.tell();
  }
  /** Whose figures are shown: who was chosen, else who was seen most. */
  get main(): number | null {
    if (this.chosen !== null && this.tracks.has(this.chosen)) return this.chosen;
    let most: Track | null = null;
    for (const track of this.tracks.values()) if (!most || track.frames > most.frames) most = track;
    return most?.id ?? null;
  }
  get face(): Face | null {
    const {main} = this;
    return this.latest?.faces.find((each) => each.face_id === main && main !== null) ?? null;
  }
  get hintShown(): Hint | null {
    return this.hint.shown;
  }
  /** Frames a second that came back lately. */
  get fps(): number {
    const {arrivals} = this;
    const first = arrivals[0], last = arrivals.at(-1);
    if (first === undefined || last === undefined || last <= first || this.now() - last > 2) return 0;
    return (arrivals.length - 1) / (last - first);
  }

  /** Now, by the server's clock: what notes and keywords are dated with. */
  serverNow(): Date {
    return new Date(Date.now() + (this.aheadMs ?? 0));
  }
  /** A moment in the session's own seconds, those of the timeline. */
  secondsAt(moment: string): number | null {
    return this.beginMs === null ? null : (Date.parse(moment) - this.beginMs) / 1000;
  }

  private observe(message: Observed) {
    this.latest = message;
    const utc = Date.parse(message.utc);
    if (Number.isFinite(utc)) {
      // Each message came a little late: the least late one tells most.
      this.aheadMs = Math.max(this.aheadMs ?? -Infinity, utc - Date.now());
      this.beginMs = utc - message.time_s * 1000;
    }
    this.arrivals.push(this.now());
    if (this.arrivals.length > kRateWindow) this.arrivals.shift();
    for (const face of message.faces) if (face.face_id >= 0) this.follow(message.time_s, face);
    for (const [id, track] of this.tracks) {
      if (message.time_s - track.lastTime > kForgetS) this.tracks.delete(id);
      else if (track.lastTime < message.time_s) this.sample(track, message.time_s, null);
    }
    this.hint.take(hintOf(this.face ?? message.faces[0] ?? null), this.now());
    this.tell();
  }

  private tell() {
    for (const hearer of this.hearers) hearer();
  }

  private follow(time: number, face: Face) {
    let track = this.tracks.get(face.face_id);
    if (!track) {
      track = {id: face.face_id, frames: 0, lastTime: time, yawns: 0, yawning: false, series: {time: [], index: [], eyes: [], p: [[], [], [], [], [], [], []]}};
      this.tracks.set(face.face_id, track);
    }
    track.frames += 1;
    track.lastTime = time;
    if (face.yawning && !track.yawning) track.yawns += 1;
    track.yawning = face.yawning ?? false;
    this.sample(track, time, face);
  }

  private sample({series}: Track, time: number, face: Face | null) {
    const last = series.time.at(-1);
    if (last !== undefined && time - last < kEveryS) return;
    const seen = face?.valid ? face : null;
    series.time.push(time);
    series.index.push(nothing(face?.index));
    series.eyes.push(nothing(seen?.eye_openness));
    series.p.forEach((each, at) => each.push(nothing(seen?.p?.[at])));
    const old = series.time.findIndex((each) => time - each <= kWindowS);
    if (old < 64) return;
    for (const each of [series.time, series.index, series.eyes, ...series.p]) each.splice(0, old);
  }
}

/** Draws the component anew while frames come, so many times a second at most. */
export function useFeed(feed: LiveFeed, hz: number) {
  const [tick, again] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | null = null;
    const stop = feed.subscribe(() => {
      waiting ??= setTimeout(() => { waiting = null; again(); }, 1000 / hz);
    });
    return () => { stop(); if (waiting) clearTimeout(waiting); };
  }, [feed, hz]);
  return tick;
}
