// What people can agree to, in their words.
import {useLingui} from '@lingui/react/macro';
import type {components} from '@/api/schema';

type Consent = components['schemas']['Consent'];
export type ConsentScope = components['schemas']['ConsentScope'];

export function useConsentNames(): Record<ConsentScope, string> {
  const {t} = useLingui();
  return {
    live_analysis: t`Look at my face while a session runs`,
    store_observations: t`Keep the figures, to follow them over weeks`,
    store_images: t`Keep pictures and video`,
    research_use: t`Use my data for research, under a pseudonym`,
    group_aggregates: t`Count me in figures of my team`,
  };
}

export function inForce(consent: Pick<Consent, 'from' | 'until' | 'withdrawn'>, now = Date.now()): boolean {
  return !consent.withdrawn && Date.parse(consent.from) <= now && (!consent.until || Date.parse(consent.until) > now);
}
