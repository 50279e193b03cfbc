// Which field a fault belongs to, what it says in plain words, and how one gets there.
import {useLingui} from '@lingui/react/macro';
import {createContext, useContext, type ReactNode} from 'react';
import {number} from '@/shared/format';
import type {Draft, Fault} from './queries';

export const idOf = (at: string) => `at${at.replaceAll('/', '-')}`;

export function useFaultText(): (fault: Fault) => string {
  const {t} = useLingui();
  return (fault) => {
    const value = fault.value === null ? '' : number(fault.value, Number.isInteger(fault.value) ? 0 : 2);
    switch (fault.rule) {
      case 'empty': return /\/(items|scales|bands)$/.test(fault.at) ? t`Choose at least one.` : t`Fill this in.`;
      case 'answers-order': return t`There must be at least two answers.`;
      case 'unknown-item': return t`There is no question ${value}.`;
      case 'in-no-scale': return t`Question ${value} counts in no scale.`;
      case 'two-subscales': return t`Question ${value} stands in another subscale already; it belongs to one.`;
      case 'twice': return t`Another scale has this short name.`;
      case 'kept-apart': return t`This is a total, but the scales are said to be kept apart.`;
      case 'more-than-items': return t`The scale has only so many questions: ${value}.`;
      case 'first-cutoff': return t`The first level must begin at the least score, ${value}.`;
      case 'cutoffs-rise': return t`This must be more than ${value}, where the level before it begins.`;
      case 'cutoff-above': return t`This lies above the greatest score, ${value}.`;
      case 'category-order': return t`Levels rise with the score: low, then moderate, then high.`;
      case 'no-category': return t`Name at least one level, or say that there are none.`;
      default: return /\/bands$/.test(fault.at) ? t`Give at least two levels.` : t`This is not as it must be: ${fault.is}`;
    }
  };
}

/** Where a fault stands, in the words of the form. */
export function usePlaceName(draft: Draft): (at: string) => string {
  const {t} = useLingui();
  return (at) => {
    const [first, second, third, fourth] = at.split('/').slice(1);
    const language = second ?? '';
    const place = Number(fourth) + 1;
    const scale = draft.scales[Number(second)]?.title || t`Scale ${Number(second) + 1}`;
    switch (first) {
      case 'title': return t`Title`;
      case 'period': return t`What time it asks about`;
      case 'answers': return second === 'coding' ? t`What the numbers stand for` : t`Answers`;
      case 'items': return t`Questions`;
      case 'reverse': return t`Turned questions`;
      case 'missing': return t`Unanswered questions`;
      case 'licence': return t`Licence`;
      case 'key_source': return t`Source of the key`;
      case 'scales': return second === undefined ? t`Scales` : third === 'cutoffs' ? t`${scale}, levels` : third === 'items' ? t`${scale}, questions` : third === 'title' ? t`${scale}, title` : scale;
      case 'wording': return third === 'items' ? t`Question ${place} (${language})` : third === 'answers' ? t`Label of answer ${place} (${language})` : t`Introduction (${language})`;
      default: return t`Questionnaire`;
    }
  };
}

const Context = createContext<(at: string) => string | undefined>(() => undefined);

/** What is only empty is told beside its field once somebody wants to publish; until then the list of what is left says it. */
export function FaultsProvider({faults, all, children}: {faults: readonly Fault[]; all: boolean; children: ReactNode}) {
  const text = useFaultText();
  const errorAt = (at: string) => {
    const found = faults.find((fault) => fault.at === at && (all || fault.rule !== 'empty'));
    return found && text(found);
  };
  return <Context value={errorAt}>{children}</Context>;
}

/** What an input at this place of the definition is given. */
export function useField() {
  const errorAt = useContext(Context);
  return (at: string) => ({id: idOf(at), error: errorAt(at)});
}
