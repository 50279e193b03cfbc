import {useEffect, useRef, useState} from 'react';

/** What somebody types, kept in this tab until it is saved, also over a reload. */
export function useDraft<T>(key: string, empty: T): [T, (next: T) => void, () => void] {
  const name = `pyrometer.draft.${key}`;
  const [value, setValue] = useState<T>(() => {
    try {
      const kept = sessionStorage.getItem(name);
      return kept ? (JSON.parse(kept) as T) : empty;
    } catch {
      return empty;
    }
  });
  const nothing = useRef(JSON.stringify(empty));
  useEffect(() => {
    const text = JSON.stringify(value);
    if (text === nothing.current) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, text);
  }, [name, value]);
  return [value, setValue, () => setValue(JSON.parse(nothing.current) as T)];
}
