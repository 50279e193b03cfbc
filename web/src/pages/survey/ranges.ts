/** 1–6 for 1,2,3,4,5,6. */
export function ranges(items: readonly number[]): string {
  const out: string[] = [];
  for (let at = 0; at < items.length;) {
    let end = at;
    while (end + 1 < items.length && items[end + 1] === items[end]! + 1) end += 1;
    out.push(end - at >= 2 ? `${items[at]}–${items[end]}` : items.slice(at, end + 1).join(', '));
    at = end + 1;
  }
  return out.join(', ');
}
