import {useCallback, useRef, useState} from 'react';

/** What somebody types or chooses in a form, kept in this tab until it is saved, also over a reload. */
export function useDraft<T>(key: string, empty: T): [T, (next: T) => void, () => void] {
  const name = `pyrometer.draft.${key}`;
  const start = useRef(empty);
  const [value, setValue] = useState<T>(() => {
    try {
      const kept = JSON.parse(sessionStorage.getItem(name) ?? 'null') as T | null;
      if (kept === null) return empty;
      // What a form has been given since the draft was kept stands there as well.
      return typeof kept === 'object' && empty !== null ? {...empty, ...kept} : kept;
    } catch {
      return empty;
    }
  });
  const set = useCallback((next: T) => {
    const text = JSON.stringify(next);
    if (text === JSON.stringify(start.current)) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, text);
    setValue(next);
  }, [name]);
  return [value, set, useCallback(() => set(start.current), [set])];
}
