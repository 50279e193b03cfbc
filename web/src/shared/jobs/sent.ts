// Which files are on the server already: after a reload, the same files chosen again are not sent again.
const kKey = 'pyrometer.uploads';
// The server keeps an upload that no job takes for a day.
const kKeptMs = 23 * 3600 * 1000;

type Known = Record<string, {id: string; at: number}>;

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

export const sentBefore = (print: string, now = Date.now()): string | null => known(now)[print]?.id ?? null;

export function rememberSent(print: string, id: string, now = Date.now()) {
  sessionStorage.setItem(kKey, JSON.stringify({...known(now), [print]: {id, at: now}}));
}

/** A job has them now, or they are not there any more. */
export function forgetSent(ids: readonly string[], now = Date.now()) {
  sessionStorage.setItem(kKey, JSON.stringify(Object.fromEntries(Object.entries(known(now)).filter(([, {id}]) => !ids.includes(id)))));
}
