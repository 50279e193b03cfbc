import {useCallback, useState} from 'react';

/** What was chosen in a form, kept in this tab until it is closed. */
export function useDraft<T extends object>(key: string, empty: T): [T, (next: T) => void, () => void] {
  const at = `pyrometer.draft.${key}`;
  const [value, setValue] = useState<T>(() => {
    try {
      return {...empty, ...(JSON.parse(sessionStorage.getItem(at) ?? '{}') as Partial<T>)};
    } catch {
      return empty;
    }
  });
  const set = useCallback((next: T) => { sessionStorage.setItem(at, JSON.stringify(next)); setValue(next); }, [at]);
  const clear = useCallback(() => { sessionStorage.removeItem(at); setValue(empty); }, [at, empty]);
  return [value, set, clear];
}
