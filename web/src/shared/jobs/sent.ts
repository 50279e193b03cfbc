// Which files are on the server already, whole or in part: after a reload, the same files chosen again go on where they were.
const kKey = 'pyrometer.uploads';
// The server keeps an upload that no job takes for a day.
const kKeptMs = 23 * 3600 * 1000;

interface Sent {
  id: string;
  /** All of it is there. */
  whole: boolean;
}
type Known = Record<string, Sent & {at: number}>;

/** Tells a file from others as well as can be without reading it. */
export const fingerprint = (file: File, path: string, person: string | null) => [path, file.size, file.lastModified, person ?? ''].join('|');

function known(now: number): Known {
  try {
    const all = JSON.parse(sessionStorage.getItem(kKey) ?? '{}') as Known;
    return Object.fromEntries(Object.entries(all).filter(([, {at}]) => now - at < kKeptMs));
  } catch {
    return {};
  }
}

export const sentBefore = (print: string, now = Date.now()): Sent | null => known(now)[print] ?? null;

export function rememberSent(print: string, sent: Sent, now = Date.now()) {
  const all = known(now);
  // The day begins with the first piece.
  const at = all[print]?.id === sent.id ? all[print].at : now;
  sessionStorage.setItem(kKey, JSON.stringify({...all, [print]: {...sent, at}}));
}

/** A job has them now, or they are not there any more. */
export function forgetSent(ids: readonly string[], now = Date.now()) {
  sessionStorage.setItem(kKey, JSON.stringify(Object.fromEntries(Object.entries(known(now)).filter(([, {id}]) => !ids.includes(id)))));
}
