// What is known of one session besides its frames.
import {queryOptions} from '@tanstack/react-query';
import {api, body} from '@/api/client';
import type {Keyword} from './keywords';
import type {Note} from './NotesPanel';

export const sessionQuery = (session: string) => queryOptions({
  queryKey: ['session', session],
  queryFn: () => body(api.GET('/api/v1/sessions/{session}', {params: {path: {session}}})),
});

export const personQuery = (person: string) => queryOptions({
  queryKey: ['person', person],
  queryFn: () => body(api.GET('/api/v1/people/{person}', {params: {path: {person}}})),
});

export const keywordsQuery = (session: string) => queryOptions({
  queryKey: ['keywords', session],
  queryFn: async (): Promise<Keyword[]> => (await body(api.GET('/api/v1/keywords', {params: {query: {session, limit: 200}}}))).rows,
});

export const notesQuery = (session: string) => queryOptions({
  queryKey: ['notes', session],
  queryFn: async (): Promise<Note[]> => (await body(api.GET('/api/v1/notes', {params: {query: {session, limit: 200}}}))).rows,
});
