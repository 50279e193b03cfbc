// What a person has agreed to, as far as it is in force now.
import type {Consent} from '@/api/records';
import type {components} from '@/api/schema';

export type Scope = components['schemas']['ConsentScope'];

export function inForce(consents: readonly Consent[], now = Date.now()): Map<Scope, Consent> {
  const out = new Map<Scope, Consent>();
  for (const consent of consents) {
    const over = consent.withdrawn !== null || (consent.until !== null && Date.parse(consent.until) <= now) || Date.parse(consent.from) > now;
    if (!over) for (const scope of consent.scopes) if (!out.has(scope)) out.set(scope, consent);
  }
  return out;
}
