import {useEffect, useMemo, useRef, useState} from 'react';
import {Cursor, type Line} from './context';
import {Frames, loadFrames} from './load';
import {TimeWindow} from './timeWindow';
import {Track} from './track';

export interface Loaded {
  frames: Frames;
  /** Counts up as frames come: for what React draws. */
  version: number;
  error: unknown;
  face: number | null;
  setFace: (face: number) => void;
  line: Line;
}

/** The session's frames as they come; the face that was seen most unless another is chosen. */
export function useFrames(session: string, mainFace: number | null): Loaded {
  const frames = useMemo(() => ({session, of: new Frames()}), [session]).of;
  const [version, setVersion] = useState(0);
  const [error, setError] = useState<unknown>(null);
  const [chosen, setFace] = useState<number | null>(null);
  const window = useMemo(() => ({session, of: new TimeWindow()}), [session]).of;
  const cursors = useMemo(() => ({session, cursor: new Cursor(), playhead: new Cursor()}), [session]);
  const empty = useRef(new Track());

  useEffect(() => {
    const stop = new AbortController();
    // Anew, also where a development server runs this twice.
    frames.clear();
    loadFrames(session, frames, () => {
      let first = Infinity, last = 0;
      for (const track of frames.tracks.values()) {
        first = Math.min(first, track.first);
        last = Math.max(last, track.last);
      }
      if (first < last) window.extend(first, last);
      setVersion((now) => now + 1);
    }, stop.signal).catch((problem: unknown) => { if (!stop.signal.aborted) setError(problem); });
    return () => stop.abort();
  }, [session, frames, window]);

  const face = chosen ?? (mainFace !== null && frames.tracks.has(mainFace) ? mainFace : frames.main());
  const track = (face === null ? undefined : frames.tracks.get(face)) ?? empty.current;
  const line = useMemo(() => ({frames, track, window, cursor: cursors.cursor, playhead: cursors.playhead}), [frames, track, window, cursors]);
  return {frames, version, error, face, setFace, line};
}
