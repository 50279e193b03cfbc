// A session that an edge device feeds is not heard by WebSocket: what it sent is asked for, page by page, as it is kept.
import {useEffect, useState} from 'react';
import {api, body} from '@/api/client';
import type {components} from '@/api/schema';
import {emotions} from '@/app/theme';
import {LiveFeed} from '@/features/live/feed';
import type {Face, Observed, Reason} from '@/features/live/protocol';
import {RollingIndex, scoreOf} from '@/shared/score';

type Observations = components['schemas']['Observations'];

/** Rows of frames.csv, frame by frame, as the WebSocket would have told them; `indices` goes on from page to page with the index of each face. */
export function framesOf({columns, rows}: Pick<Observations, 'columns' | 'rows'>, indices: Map<number, RollingIndex>): Observed[] {
  const at = new Map(columns.map((name, index) => [name, index]));
  const value = (row: readonly unknown[], name: string): unknown => { const index = at.get(name); return index === undefined ? null : row[index]; };
  const real = (row: readonly unknown[], name: string) => { const told = value(row, name); return typeof told === 'number' ? told : null; };
  const out: Observed[] = [];
  for (const row of rows) {
    const frame = real(row, 'frame') ?? -1;
    let one = out.at(-1);
    if (one?.frame !== frame) {
      one = {type: 'observations', frame, time_s: real(row, 'time_s') ?? 0, utc: String(value(row, 'utc') ?? ''), width: 0, height: 0, faces: []};
      out.push(one);
    }
    const valid = value(row, 'valid');
    const face: Face = {
      face_id: real(row, 'face_id') ?? -1, valid: valid === true || valid === 1, reason: String(value(row, 'reason') ?? '') as Reason,
      p: emotions.map((name) => real(row, name)), eye_openness: real(row, 'eye_openness'), perclos: real(row, 'perclos'),
      blink_rate_per_min: real(row, 'blink_rate_per_min'), index: real(row, 'index'),
    };
    // A device sends probabilities alone.
    let rolling = indices.get(face.face_id);
    if (!rolling) indices.set(face.face_id, (rolling = new RollingIndex()));
    const index = rolling.push(one.time_s, scoreOf((face.p ?? []).map((p) => p ?? Number.NaN)));
    face.index ??= Number.isNaN(index) ? null : index;
    one.faces.push(face);
  }
  return out;
}

const kEveryMs = 1000;

export function useDeviceFeed(session: string | null): {feed: LiveFeed; failed: boolean} {
  const [feed, setFeed] = useState(() => new LiveFeed());
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!session) return;
    const fresh = new LiveFeed();
    setFeed(fresh);
    const indices = new Map<number, RollingIndex>();
    let after = -1, stopped = false, timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        const page = await body(api.GET('/api/v1/sessions/{session}/observations', {params: {path: {session}, query: {after, limit: 600}}}));
        if (typeof page === 'string') throw new Error('asked for JSON, got CSV');
        for (const frame of framesOf(page, indices)) { after = Math.max(after, frame.frame); fresh.take(frame); }
        setFailed(false);
      } catch {
        setFailed(true);
      }
      if (!stopped) timer = setTimeout(() => void ask(), kEveryMs);
    };
    void ask();
    return () => { stopped = true; clearTimeout(timer); };
  }, [session]);
  return {feed, failed};
}
