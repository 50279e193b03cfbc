import {queryOptions} from '@tanstack/react-query';
import {api, body} from '@/api/client';
import {allRows} from '@/api/pages';
import type {SurveyResponse} from '@/api/records';
import type {components} from '@/api/schema';
import {currentLanguage} from '@/i18n';

export type Survey = components['schemas']['Survey'];
export type SurveyScale = components['schemas']['SurveyScale'];

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
    const rows = await allRows<SurveyResponse>(({after}) => body(api.GET('/api/v1/responses', {params: {query: {person, instrument, limit: 200, after}}})));
    return rows.sort((a, b) => b.taken.localeCompare(a.taken));
  },
});
