/** Where a day such as "2026-08-03" begins on the clock of whoever reads. */
export const midnightOf = (day: string): Date => new Date(`${day}T00:00:00`);
