import {api, body} from '@/api/client';
import {allRows} from '@/api/pages';
import type {components} from '@/api/schema';
import type {Site} from '@/app/account';
import {currentLanguage} from '@/i18n';

export type Template = components['schemas']['ConsentTemplate'];

export const templatesQuery = {
  queryKey: ['consent-templates'] as const,
  queryFn: () => allRows<Template>(({after}) => body(api.GET('/api/v1/consent-templates', {params: {query: {active: true, limit: 200, after}}})), 1000),
};

/** A text that somebody agreed to, whether or not it can be agreed to today. */
export const templateQuery = (template: string) => ({
  queryKey: ['consent-templates', template] as const,
  staleTime: Infinity,
  queryFn: () => body(api.GET('/api/v1/consent-templates/{template}', {params: {path: {template}}})),
});

/** Those for this site's mode, in the reader's language where there are any, else in English, else all. */
export function templatesFor(all: readonly Template[], mode: Site['mode'], language: string = currentLanguage()): Template[] {
  const fitting = all.filter((template) => template.mode === null || template.mode === mode);
  for (const wanted of [language, 'en']) {
    const found = fitting.filter((template) => template.language.toLowerCase().startsWith(wanted));
    if (found.length > 0) return found;
  }
  return fitting;
}
