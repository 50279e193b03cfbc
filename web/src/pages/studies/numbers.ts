// As the report writes them.
import {number} from '@/shared/format';

/** Three decimals where two would say 1. */
export const rText = (r: number | null) => number(r, r !== null && Math.abs(r) >= 0.995 && Math.abs(r) < 1 ? 3 : 2);

export function pText(p: number | null | undefined): string {
  if (p === null || p === undefined) return '–';
  return p < 0.0001 ? `< ${number(0.0001, 4)}` : number(p, p < 0.001 ? 4 : 3);
}
export const pWords = (p: number | null) => (p !== null && p < 0.0001 ? `p ${pText(p)}` : `p = ${pText(p)}`);
