import {queryOptions} from '@tanstack/react-query';
import {api, body} from '@/api/client';
import type {components} from '@/api/schema';
import {currentLanguage} from '@/i18n';

export type Survey = components['schemas']['Survey'];
export type SurveyScale = components['schemas']['SurveyScale'];
export type SurveyResponse = components['schemas']['Response'];

export const surveysQuery = queryOptions({
  queryKey: ['surveys'],
  staleTime: 300_000,
  queryFn: async () => (await body(api.GET('/api/v1/surveys'))).rows,
});

/** With its wording in the person's language, else in English, else in the first that lies here; null where none does. */
export const surveyQuery = (id: string) => queryOptions({
  queryKey: ['survey', id, currentLanguage()],
  staleTime: 300_000,
  queryFn: async () => {
    const known = await body(api.GET('/api/v1/surveys/{survey}', {params: {path: {survey: id}}}));
    const language = [currentLanguage(), 'en', ...known.languages].find((each) => known.languages.includes(each));
    if (!language) return known;
    return body(api.GET('/api/v1/surveys/{survey}', {params: {path: {survey: id}, query: {language}}}));
  },
});

export const answersQuery = (person: string, instrument: string) => queryOptions({
  queryKey: ['responses', person, instrument],
  queryFn: async () => {
    const rows: SurveyResponse[] = [];
    for (let after: string | undefined; ;) {
      const page = await body(api.GET('/api/v1/responses', {params: {query: {person, instrument, limit: 200, ...(after ? {after} : {})}}}));
      rows.push(...page.rows);
      if (!page.next) return rows.sort((a, b) => b.taken.localeCompare(a.taken));
      after = page.next;
    }
  },
});
