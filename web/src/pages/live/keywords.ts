// A person's own quick words, and which keyword holds now.
/** The one that was begun last and not ended: a keyword lasts until the next, or until it is ended. */
export function openKeyword<T extends {from: string; until?: string | null}>(keywords: readonly T[], now = Date.now()): T | null {
  let newest: T | null = null;
  for (const each of keywords) if (!newest || Date.parse(each.from) >= Date.parse(newest.from)) newest = each;
  if (!newest) return null;
  return newest.until && Date.parse(newest.until) <= now ? null : newest;
}

/** Which chip a key stands for, unless somebody is writing. */
export function chipOfKey(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target'>): number | null {
  if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return null;
  const target = event.target as {tagName?: string; isContentEditable?: boolean} | null;
  if (target?.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target?.tagName ?? '')) return null;
  return Number(event.key) - 1;
}
