import {queryOptions} from '@tanstack/react-query';
import {api, body} from '@/api/client';
import {allRows} from '@/api/pages';
import type {components} from '@/api/schema';

export type Draft = components['schemas']['SurveyDraft'];
export type DraftScale = Draft['scales'][number];
export type Edition = components['schemas']['SurveyDefinition'];
export type EditionRow = components['schemas']['SurveyEdition'];
export type Fault = components['schemas']['SurveyFault'];

export const editionsKey = ['survey-definitions'];

export const editionsQuery = queryOptions({
  queryKey: editionsKey,
  queryFn: () => allRows<EditionRow>(({after}) => body(api.GET('/api/v1/survey-definitions', {params: {query: {limit: 200, after}}}))),
});

export const editionQuery = (definition: string) => queryOptions({
  queryKey: [...editionsKey, definition],
  queryFn: () => body(api.GET('/api/v1/survey-definitions/{definition}', {params: {path: {definition}}})),
});

/** The edition as it was when it was last read; the server refuses where somebody has changed it since. */
export const unchanged = ({id, version}: {id: string; version: number}) => ({path: {definition: id}, header: {'If-Match': `"${version}"`}});
