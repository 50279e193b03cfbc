// What the parts of the time line share, none of it by React's state: the window, the cursor, the frames.
import {createContext, useContext} from 'react';
import type {Frames} from './load';
import {TimeWindow} from './timeWindow';
import type {Track} from './track';

export class Cursor {
  /** Seconds; null: nowhere. */
  at: number | null = null;
  private readonly heard = new Set<(at: number | null) => void>();
  listen(then: (at: number | null) => void): () => void {
    this.heard.add(then);
    return () => { this.heard.delete(then); };
  }
  set(at: number | null) {
    if (at === this.at) return;
    this.at = at;
    for (const then of this.heard) then(at);
  }
}

export interface Line {
  frames: Frames;
  track: Track;
  window: TimeWindow;
  /** Where the pointer is. */
  cursor: Cursor;
  /** Where the video, or whoever looks, stands. */
  playhead: Cursor;
}

const Context = createContext<Line | null>(null);
export const LineProvider = Context.Provider;

export function useLine(): Line {
  const line = useContext(Context);
  if (!line) throw new Error('outside of a time line');
  return line;
}

/** Margins of every lane, in pixels: they lie under each other. */
export const kLeft = 44, kRight = 12;
