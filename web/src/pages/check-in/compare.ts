// This time beside one's own times before: words, not categories, for there are no cut-offs that anything could rest on.

export type Than = 'first' | 'lower' | 'alike' | 'higher';

const kAlike = 7;

/** Against the median of up to five times before. */
export function compare(now: number, before: readonly number[]): Than {
  const recent = before.slice(0, 5).sort((a, b) => a - b);
  if (recent.length === 0) return 'first';
  const middle = recent.length >> 1;
  const upper = recent[middle] ?? now, lower = recent[middle - 1] ?? upper;
  const median = recent.length % 2 ? upper : (upper + lower) / 2;
  if (Math.abs(now - median) < kAlike) return 'alike';
  return now > median ? 'higher' : 'lower';
}

export type Advice = 'well' | 'watch' | 'talk';

/** What to do next, by one's own answers (0 to 100, higher is more strain) and whether they rise; the camera alone advises nothing. */
export function adviceOf(strain: number | null, than: Than): Advice {
  if (strain === null) return 'watch';
  if (strain >= 65 || (strain >= 50 && than === 'higher')) return 'talk';
  return strain >= 40 || than === 'higher' ? 'watch' : 'well';
}
