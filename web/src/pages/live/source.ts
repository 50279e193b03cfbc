// Where this browser's part of a session comes from, kept so that a reload goes on with it.
export type Source = 'browser' | 'server' | 'device';

export interface Kept {
  source: Source;
  finer: boolean;
  /** The picture is recorded as well. */
  video: boolean;
}

const key = (session: string) => `pyrometer.live.${session}`;

export function keepSource(session: string, kept: Kept) {
  sessionStorage.setItem(key(session), JSON.stringify(kept));
}

/** Null: this window only watches. */
export function keptSource(session: string): Kept | null {
  try {
    const told = JSON.parse(sessionStorage.getItem(key(session)) ?? 'null') as Kept | null;
    return told && ['browser', 'server', 'device'].includes(told.source) ? {source: told.source, finer: told.finer === true, video: told.video === true} : null;
  } catch {
    return null;
  }
}

export function forgetSource(session: string) {
  sessionStorage.removeItem(key(session));
}
