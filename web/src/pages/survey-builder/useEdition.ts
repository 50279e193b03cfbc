import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useEffect, useState} from 'react';
import {api, body} from '@/api/client';
import {slugOf} from '@/api/problem';
import {editionQuery, editionsKey, unchanged, type Draft, type Edition} from './queries';

const kPauseMs = 600;
const kept = (id: string) => `pyrometer.draft.survey.${id}`;

/** What was typed and had not reached the server when the page was left; not over what somebody else has written since. */
function unsent(edition: Edition): Draft {
  try {
    const found = JSON.parse(sessionStorage.getItem(kept(edition.id)) ?? 'null') as {version: number; draft: Draft} | null;
    if (found?.version === edition.version) return found.draft;
  } catch { /* none */ }
  return edition.definition;
}

/** A draft in the making: every change goes to the server after a moment, which says what is still wrong with it. */
export function useEdition(first: Edition) {
  const queryClient = useQueryClient();
  const [row, setRow] = useState(first);
  const [draft, setDraft] = useState(() => unsent(first));
  const [sent, setSent] = useState(first.definition);
  const save = useMutation({
    mutationFn: (next: Draft) => body(api.PATCH('/api/v1/survey-definitions/{definition}', {params: unchanged(row), body: {definition: next}})),
    onSuccess: (now, next) => {
      setRow(now);
      setSent(next);
      queryClient.setQueryData(editionQuery(row.id).queryKey, now);
      void queryClient.invalidateQueries({queryKey: editionsKey, exact: true});
    },
  });
  const dirty = draft !== sent;
  const stale = slugOf(save.error) === 'changed-meanwhile';
  const {isPending: busy, mutate} = save;
  useEffect(() => {
    if (!dirty || busy || stale) return;
    const timer = setTimeout(() => mutate(draft), kPauseMs);
    return () => clearTimeout(timer);
  }, [draft, dirty, busy, stale, mutate]);
  useEffect(() => {
    if (dirty) sessionStorage.setItem(kept(row.id), JSON.stringify({version: row.version, draft}));
    else sessionStorage.removeItem(kept(row.id));
  }, [draft, dirty, row]);
  /** The row once all that was typed is kept. */
  const flush = () => (dirty ? save.mutateAsync(draft) : Promise.resolve(row));
  return {row, draft, edit: setDraft as (change: (before: Draft) => Draft) => void, flush, dirty, busy, stale, error: save.error, forget: () => sessionStorage.removeItem(kept(row.id))};
}
