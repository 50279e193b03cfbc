/** The last months that are over (UTC), the newest last, as the API names them: "2026-10". */
export function monthsOver(count: number, now = new Date()): string[] {
  return Array.from({length: count}, (_, at) => {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - (count - at), 1));
    return month.toISOString().slice(0, 7);
  });
}

/** A date within the month, for its name in any time zone. */
export function middleOf(month: string): Date {
  return new Date(`${month}-15T12:00:00Z`);
}

/** How strongly a cell is coloured, 0 to 1. */
export function strengthOf(value: number, least: number, greatest: number): number {
  if (greatest <= least) return 0;
  return Math.min(1, Math.max(0, (value - least) / (greatest - least)));
}
