// What several pages ask about people and their sessions: one key for one question, so that an answer is shared.
import {infiniteQueryOptions, queryOptions} from '@tanstack/react-query';
import {currentLanguage} from '@/i18n';
import {timeZone} from '@/shared/format';
import {api, body} from './client';
import {allRows} from './pages';
import type {components} from './schema';

export type Person = components['schemas']['Person'];
export type Session = components['schemas']['Session'];
export type FaceSummary = components['schemas']['FaceSummary'];
export type Trend = components['schemas']['Trend'];
export type Alert = components['schemas']['Alert'];
export type Consent = components['schemas']['Consent'];
export type Care = components['schemas']['Care'];
export type Note = components['schemas']['Note'];
export type Keyword = components['schemas']['Keyword'];
export type SurveyResponse = components['schemas']['Response'];
export type AuditEntry = components['schemas']['AuditEntry'];
export type ConsentTemplate = components['schemas']['ConsentTemplate'];

const kMost = 200;

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({signal}) => allRows<Person>(({after}) => body(api.GET('/api/v1/people', {params: {query: {limit: kMost, after}}, signal})), 20_000),
});

export type PersonOverview = components['schemas']['PersonOverview'];

/** Of everybody at once: sessions, newest weeks, open alerts. */
export const overviewQuery = queryOptions({
  queryKey: ['people', 'overview'],
  queryFn: async ({signal}) => (await body(api.GET('/api/v1/people-overview', {signal}))).rows,
});

export type Membership = components['schemas']['Membership'];

/** To which teams the caller's people belong; nobody's where that is not theirs to see. */
export const membershipsQuery = queryOptions({
  queryKey: ['memberships'],
  queryFn: ({signal}) => allRows<Membership>(({after}) => body(api.GET('/api/v1/memberships', {params: {query: {limit: kMost, after}}, signal})), 40_000),
});

export const personQuery = (person: string) => queryOptions({
  queryKey: ['people', person],
  queryFn: ({signal}) => body(api.GET('/api/v1/people/{person}', {params: {path: {person}}, signal})),
});

/** All of a person's sessions, the newest first. */
export const sessionsOfQuery = (person: string) => queryOptions({
  queryKey: ['sessions', 'of', person],
  queryFn: ({signal}) => allRows<Session>(({after}) => body(api.GET('/api/v1/sessions', {params: {query: {person, limit: kMost, after}}, signal})), 20_000),
});

export const sessionQuery = (session: string) => queryOptions({
  queryKey: ['sessions', session],
  queryFn: ({signal}) => body(api.GET('/api/v1/sessions/{session}', {params: {path: {session}}, signal})),
});

/** Of everybody whom the caller may see, a page at a time. */
export const allSessionsQuery = infiniteQueryOptions({
  queryKey: ['sessions', 'all'],
  queryFn: ({signal, pageParam}) => body(api.GET('/api/v1/sessions', {params: {query: {limit: 100, after: pageParam}}, signal})),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

/** Of the index, or of a questionnaire's scale. */
export const trendQuery = (person: string, survey?: string, scale?: string) => queryOptions({
  queryKey: ['trend', person, survey ?? null, scale ?? null],
  staleTime: 60_000,
  queryFn: ({signal}) => body(api.GET('/api/v1/people/{person}/trend', {params: {path: {person}, query: {timezone: timeZone, survey, scale}}, signal})) as Promise<Trend>,
});

export const alertsQuery = (person?: string) => queryOptions({
  queryKey: ['alerts', person ?? 'all'],
  queryFn: ({signal}) => allRows<Alert>(({after}) => body(api.GET('/api/v1/alerts', {params: {query: {person, limit: kMost, after, language: currentLanguage()}}, signal})), 2000),
});

export const consentsQuery = (person: string) => queryOptions({
  queryKey: ['consents', person],
  queryFn: ({signal}) => allRows<Consent>(({after}) => body(api.GET('/api/v1/people/{person}/consents', {params: {path: {person}, query: {limit: kMost, after}}, signal}))),
});

export const careQuery = (person: string) => queryOptions({
  queryKey: ['care', person],
  queryFn: ({signal}) => allRows<Care>(({after}) => body(api.GET('/api/v1/people/{person}/care', {params: {path: {person}, query: {limit: kMost, after}}, signal}))),
});

export const responsesQuery = (person: string) => queryOptions({
  queryKey: ['responses', person],
  queryFn: ({signal}) => allRows<SurveyResponse>(({after}) => body(api.GET('/api/v1/responses', {params: {query: {person, limit: kMost, after}}, signal}))),
});

/** Of a session, or of all sessions of a person. */
export const notesQuery = (of: {person?: string; session?: string}) => queryOptions({
  queryKey: ['notes', of],
  queryFn: ({signal}) => allRows<Note>(({after}) => body(api.GET('/api/v1/notes', {params: {query: {...of, limit: kMost, after}}, signal}))),
});

export const keywordsQuery = (of: {person?: string; session?: string}) => queryOptions({
  queryKey: ['keywords', of],
  queryFn: ({signal}) => allRows<Keyword>(({after}) => body(api.GET('/api/v1/keywords', {params: {query: {...of, limit: kMost, after}}, signal}))),
});

/** Whose figures a session's are, where more than one face was seen: the face that could be read most. Null where too little could be read. */
export function mainFace(session: Pick<Session, 'summary'>): FaceSummary | null {
  let best: FaceSummary | null = null;
  for (const face of session.summary?.people ?? []) {
    if (!best || face.valid_frames > best.valid_frames) best = face;
  }
  return best && 2 * best.valid_frames >= best.frames ? best : null;
}

export const versionOf = (row: {version: number}) => ({'If-Match': `"${row.version}"`});

/** Whatever begins with this is a question about texts by which people agree. */
export const templatesKey = ['consent-templates'] as const;

/** All editions, for those who write them. */
export const templatesQuery = queryOptions({
  queryKey: [...templatesKey, 'all'],
  queryFn: () => allRows<ConsentTemplate>(({after}) => body(api.GET('/api/v1/consent-templates', {params: {query: {limit: kMost, after}}}))),
});

/** Those that can be agreed to. */
export const activeTemplatesQuery = queryOptions({
  queryKey: [...templatesKey, 'active'],
  queryFn: () => allRows<ConsentTemplate>(({after}) => body(api.GET('/api/v1/consent-templates', {params: {query: {active: true, limit: kMost, after}}}))),
});

/** A text that somebody agreed to, whether or not it can be agreed to today. */
export const templateQuery = (template: string) => queryOptions({
  queryKey: [...templatesKey, template],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: () => body(api.GET('/api/v1/consent-templates/{template}', {params: {path: {template}}})),
});
