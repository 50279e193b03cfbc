// Texts by which people agree: those that fit this site, in the person's language where there is one.
import type {ConsentTemplate} from '@/api/records';
import type {components} from '@/api/schema';
import type {Scope} from './consents';

type Mode = components['schemas']['Mode'];

export interface Offer {
  template: ConsentTemplate;
  /** Of its scopes those that are still missing. */
  scopes: Scope[];
}

/** The texts that cover what is missing, each scope once: of this mode before those of every mode, in the language before any other. */
export function offers(templates: readonly ConsentTemplate[], mode: Mode, language: string, missing: readonly Scope[]): Offer[] {
  const fitting = templates.filter((each) => each.active && (each.mode === null || each.mode === mode));
  const rank = (each: ConsentTemplate) => (each.mode === mode ? 0 : 2) + (each.language === language ? 0 : 1);
  const left = new Set(missing);
  const out: Offer[] = [];
  for (const template of [...fitting].sort((a, b) => rank(a) - rank(b))) {
    const scopes = template.scopes.filter((scope) => left.has(scope));
    if (scopes.length === 0) continue;
    out.push({template, scopes});
    for (const scope of scopes) left.delete(scope);
  }
  return out;
}
