// Keywords and notes of a session: read, made, changed, removed and brought back.
import {useQuery, useQueryClient} from '@tanstack/react-query';
import {useLingui} from '@lingui/react/macro';
import {useCallback} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import {keywordsQuery, notesQuery, versionOf, type Keyword, type Note} from '@/api/records';
import {tellFailure, tellWithUndo} from '@/shared/ui/toasts';

const kNone: never[] = [];

export function useMarks(session: string) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const keywords = useQuery(keywordsQuery({session}));
  const notes = useQuery(notesQuery({session}));
  const refresh = useCallback((what: 'keywords' | 'notes') => queryClient.invalidateQueries({queryKey: [what]}), [queryClient]);
  const guarded = useCallback(async <T,>(what: 'keywords' | 'notes', deed: () => Promise<T>): Promise<T | null> => {
    try {
      return await deed();
    } catch (problem) {
      tellFailure(problem);
      return null;
    } finally {
      await refresh(what);
    }
  }, [refresh]);

  const addKeyword = useCallback((word: string, from: string, until?: string) => guarded('keywords', () => body(api.POST('/api/v1/keywords', {
    params: {header: {'Idempotency-Key': idempotencyKey()}}, body: {session, word, from, ...(until ? {until} : {})},
  }))), [guarded, session]);
  const addNote = useCallback((text: string, at: string) => guarded('notes', () => body(api.POST('/api/v1/notes', {params: {header: {'Idempotency-Key': idempotencyKey()}}, body: {session, text, at}}))), [guarded, session]);

  const changeKeyword = useCallback(async (keyword: Keyword, patch: {word?: string; from?: string; until?: string}) => {
    const now = await guarded('keywords', () => body(api.PATCH('/api/v1/keywords/{keyword}', {params: {path: {keyword: keyword.id}, header: versionOf(keyword)}, body: patch})));
    if (!now) return;
    const {word, from, until} = keyword;
    tellWithUndo(t`Keyword changed.`, () => void guarded('keywords', () => body(api.PATCH('/api/v1/keywords/{keyword}', {params: {path: {keyword: keyword.id}, header: versionOf(now)}, body: {word, from, until: until ?? now.until ?? undefined}}))));
  }, [guarded, t]);
  const changeNote = useCallback(async (note: Note, patch: {text?: string; at?: string}) => {
    const now = await guarded('notes', () => body(api.PATCH('/api/v1/notes/{note}', {params: {path: {note: note.id}, header: versionOf(note)}, body: patch})));
    if (!now) return;
    tellWithUndo(t`Note changed.`, () => void guarded('notes', () => body(api.PATCH('/api/v1/notes/{note}', {params: {path: {note: note.id}, header: versionOf(now)}, body: {text: note.text, ...(note.at ? {at: note.at} : {})}}))));
  }, [guarded, t]);

  const removeKeyword = useCallback(async (keyword: Keyword) => {
    const gone = await guarded('keywords', async () => { await api.DELETE('/api/v1/keywords/{keyword}', {params: {path: {keyword: keyword.id}}}); return true; });
    if (gone) tellWithUndo(t`Keyword removed.`, () => void addKeyword(keyword.word, keyword.from, keyword.until ?? undefined));
  }, [guarded, addKeyword, t]);
  const removeNote = useCallback(async (note: Note) => {
    const gone = await guarded('notes', async () => { await api.DELETE('/api/v1/notes/{note}', {params: {path: {note: note.id}}}); return true; });
    if (gone) tellWithUndo(t`Note removed.`, () => void addNote(note.text, note.at ?? note.created));
  }, [guarded, addNote, t]);

  return {keywords: keywords.data ?? kNone, notes: notes.data ?? kNone, addKeyword, addNote, changeKeyword, changeNote, removeKeyword, removeNote};
}

export type Marks = ReturnType<typeof useMarks>;
