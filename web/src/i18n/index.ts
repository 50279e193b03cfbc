// The language: chosen by the person, else the browser's, else English. Another language takes effect by loading the page anew.
import {i18n, type Messages} from '@lingui/core';

export const languages = {en: 'English', es: 'Español'} as const;
export type Language = keyof typeof languages;

const kKey = 'pyrometer.language';
const rightToLeft = new Set(['ar', 'fa', 'he', 'ur']);

function known(tag: string | null | undefined): Language | null {
  const short = tag?.slice(0, 2).toLowerCase();
  return short && short in languages ? (short as Language) : null;
}

export function currentLanguage(): Language {
  return known(localStorage.getItem(kKey)) ?? navigator.languages.map(known).find((each) => each !== null) ?? 'en';
}

export function chooseLanguage(language: Language) {
  localStorage.setItem(kKey, language);
  location.reload();
}

type Catalogue = () => Promise<{messages: Messages}>;
const catalogues = import.meta.glob<{messages: Messages}>(['./*.po', '../shared/*/i18n/*.po', '../pages/*/i18n/*.po']);
// Texts that several pages share, and which pages those are.
const shared: Record<string, readonly string[]> = {
  jobs: ['batch', 'training', 'models', 'data', 'map', 'studies'],
  surveys: ['surveys', 'survey', 'survey-take', 'survey-builder'],
};

async function load(path: string) {
  const catalogue = catalogues[path] as Catalogue | undefined;
  if (catalogue) i18n.load(currentLanguage(), (await catalogue()).messages);
}

export async function startLanguage() {
  const language = currentLanguage();
  await load(`./${language}.po`);
  i18n.activate(language);
  document.documentElement.lang = language;
  document.documentElement.dir = rightToLeft.has(language) ? 'rtl' : 'ltr';
}

/** The texts of a page, which come with it. */
export async function loadPageTexts(page: string) {
  await Promise.all([
    load(`../pages/${page}/i18n/${currentLanguage()}.po`),
    ...Object.keys(shared).filter((each) => shared[each]!.includes(page)).map((each) => load(`../shared/${each}/i18n/${currentLanguage()}.po`)),
  ]);
  i18n.activate(currentLanguage());
}
