// What the figures of a comparison show, in the language of whoever reads it; the report says the same in English.
import {useLingui} from '@lingui/react/macro';
import {List} from '@mantine/core';
import {number} from '@/shared/format';
import {pText, pWords, rText} from './numbers';
import {reasonText} from './reasons';
import type {Statement, Validation} from './validation';

function useSentence() {
  const {t} = useLingui();
  const shows = {
    nothing: t`The interval holds 0: these pairs do not show that the two go together at all.`,
    not_how_closely: t`The interval does not hold 0, but it is wide: that the two go together is shown, how closely is not.`,
    together: t`The interval does not hold 0.`,
  };
  const to = (low: number | null, high: number | null, written: (value: number | null) => string) => t`${written(low)} to ${written(high)}`;
  const points = (value: number | null) => number(value, 2);
  return (one: Statement): string => {
    switch (one.what) {
      case 'correlation': {
        const {permutation} = one;
        const by = !permutation ? '' : permutation.exact ? t`, by permutation ${pText(permutation.p)} (all ${number(permutation.tried)})` : t`, by permutation ${pText(permutation.p)} (${number(permutation.tried)} drawn)`;
        return t`r = ${rText(one.r)} over ${one.pairs} pairs, one a person; the true correlation lies from ${to(one.low, one.high, rText)} with 95 % confidence; ${pWords(one.p)}${by}.`;
      }
      case 'openness': return shows[one.shows];
      case 'pooled': return t`${one.pairs} pairs are of ${one.persons} persons. A person's sessions are not independent, and within a person the two may move otherwise than between persons: the pooled r = ${rText(one.r)} mixes both and stands without interval and p.`;
      case 'within': return t`Within persons (rmcorr): r = ${rText(one.r)} (${to(one.low, one.high, rText)}), ${pWords(one.p)}. ${shows[one.shows]}`;
      case 'between': return t`Between persons (their means): r = ${rText(one.r)} (${to(one.low, one.high, rText)}), ${pWords(one.p)}. ${shows[one.shows]}`;
      case 'within_unknown': return t`Within persons nothing can be said: ${reasonText(one.why)}.`;
      case 'between_unknown': return t`Between persons nothing can be said: ${reasonText(one.why)}.`;
      case 'different_units': return t`Score and survey count in different units, so nothing is said about agreement.`;
      case 'agreement': return [
        !one.limits ? t`Score and survey lie ${points(one.apart)} points apart on average.`
          : one.limits.bias < 0 ? t`Score and survey lie ${points(one.apart)} points apart on average; the score lies ${points(-one.limits.bias)} points below the survey, and 95 % of differences lie from ${to(one.limits.lower, one.limits.upper, points)}.`
          : t`Score and survey lie ${points(one.apart)} points apart on average; the score lies ${points(one.limits.bias)} points above the survey, and 95 % of differences lie from ${to(one.limits.lower, one.limits.upper, points)}.`,
        one.ccc && t`Lin's concordance, which is 1 only where both give the same number, is ${rText(one.ccc.value)} (${to(one.ccc.low, one.ccc.high, rText)}).`,
      ].filter(Boolean).join(' ');
      case 'power': return t`${one.persons} persons find a true correlation of ${rText(one.r)} with a chance of 80 %; weaker ones they miss more often than that.`;
      case 'no_power': return t`With ${one.persons} persons there is no power worth the name.`;
      case 'left_out': return t`Rows left out because a value is missing, as asked: ${one.rows}. If values are missing for a reason, the figures are shifted by it.`;
    }
  };
}

/** Comparisons from before there were statements have the report's sentences. */
export function InWords({validation: {statements, findings}}: {validation: Validation}) {
  const sentence = useSentence();
  const sentences = statements?.map(sentence) ?? findings;
  return <List spacing="xs">{sentences.map((each) => <List.Item key={each}>{each}</List.Item>)}</List>;
}
