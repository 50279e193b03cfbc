// What a person has agreed to, as far as it is in force now.
import {queryOptions} from '@tanstack/react-query';
import {api, body} from '@/api/client';
import type {components} from '@/api/schema';

export type Consent = components['schemas']['Consent'];
export type Scope = components['schemas']['ConsentScope'];

export function inForce(consents: readonly Consent[], now = Date.now()): Map<Scope, Consent> {
  const out = new Map<Scope, Consent>();
  for (const consent of consents) {
    const over = consent.withdrawn !== null || (consent.until !== null && Date.parse(consent.until) <= now) || Date.parse(consent.from) > now;
    if (!over) for (const scope of consent.scopes) if (!out.has(scope)) out.set(scope, consent);
  }
  return out;
}

export const consentsQuery = (person: string) => queryOptions({
  queryKey: ['consents', person],
  staleTime: 0,
  queryFn: async () => {
    const rows: Consent[] = [];
    for (let after: string | undefined; ;) {
      const page = await body(api.GET('/api/v1/people/{person}/consents', {params: {path: {person}, query: {limit: 200, ...(after ? {after} : {})}}}));
      rows.push(...page.rows);
      if (!page.next) return rows;
      after = page.next;
    }
  },
});
