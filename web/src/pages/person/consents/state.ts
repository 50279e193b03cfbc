import type {Consent} from '@/api/records';

export type ConsentState = 'in_force' | 'withdrawn' | 'over';

export function stateOf(consent: Pick<Consent, 'withdrawn' | 'until'>, now = Date.now()): ConsentState {
  if (consent.withdrawn) return 'withdrawn';
  return consent.until && Date.parse(consent.until) <= now ? 'over' : 'in_force';
}
