import {useLingui} from '@lingui/react/macro';
import {Badge} from '@mantine/core';
import type {Draft, Edition} from './queries';

export function useStateNames(): Record<Edition['state'], string> {
  const {t} = useLingui();
  return {draft: t`Draft`, published: t`Answered now`, replaced: t`Replaced by a later edition`, retired: t`Not given any more`};
}

export function StateBadge({state}: {state: Edition['state']}) {
  const names = useStateNames();
  return <Badge variant="light" tt="none" color={state === 'published' ? 'petrol' : state === 'draft' ? 'ember' : 'gray'}>{names[state]}</Badge>;
}

/** With what a questionnaire begins that nobody else has written: what goes without saying is said, the rest is left to fill in. */
export function useEmptyDraft(): (title: string, language: string) => Draft {
  const {t} = useLingui();
  return (title, language) => ({
    title, unvalidated: true, items: 1, answers: {min: 0, max: 4, coding: ''}, reverse: [],
    scales: [{id: 'total', title: t`Total`, kind: 'total', items: [1], score: 'sum', minimum_answered: 1, higher_means: 'more strain', cutoffs: {none: t`No levels were agreed: compare a person with their own earlier answers.`}}],
    keep_apart: false,
    missing: {rule: t`The mean of the answered questions stands for the rest, where enough were answered`, source: t`Agreed at this site`},
    licence: {status: 'own', holder: t`This site`, note: t`Our own wording.`},
    key_source: t`Agreed at this site`,
    wording: {[language]: {items: [''], answers: ['', '', '', '', '']}},
  });
}
