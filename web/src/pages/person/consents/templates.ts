import type {ConsentTemplate} from '@/api/records';
import type {Site} from '@/app/account';
import {currentLanguage} from '@/i18n';

/** Those for this site's mode, in the reader's language where there are any, else in English, else all. */
export function templatesFor(all: readonly ConsentTemplate[], mode: Site['mode'], language: string = currentLanguage()): ConsentTemplate[] {
  const fitting = all.filter((template) => template.mode === null || template.mode === mode);
  for (const wanted of [language, 'en']) {
    const found = fitting.filter((template) => template.language.toLowerCase().startsWith(wanted));
    if (found.length > 0) return found;
  }
  return fitting;
}
