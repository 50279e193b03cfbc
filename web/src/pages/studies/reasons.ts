// Why a figure cannot be given, as src/validity and src/stats say it in English; x is the score there and y the survey. A number stands as #.
import {t} from '@lingui/core/macro';

export const reasons: Record<string, (first: string, second: string) => string> = {
  'persons repeat': () => t`persons repeat`,
  'persons repeat, and their sessions are not independent: see repeated_measures': () => t`persons repeat, and their sessions are not independent`,
  'score and survey count in different units': () => t`score and survey count in different units`,
  'there are # pairs; a correlation needs at least #': (pairs, least) => t`a correlation needs at least ${least} pairs, and there are ${pairs}`,
  'x is constant: a correlation is undefined': () => t`the score is always the same, so a correlation is undefined`,
  'y is constant: a correlation is undefined': () => t`the survey is always the same, so a correlation is undefined`,
  'x holds a value that is not finite': () => t`a score is no finite number`,
  'y holds a value that is not finite': () => t`an answer to the survey is no finite number`,
  'x or y holds a value that is not finite': () => t`a score or an answer to the survey is no finite number`,
  'x and y are not of one length': () => t`there are not as many scores as answers`,
  'persons and x are not of one length': () => t`there are not as many persons as scores`,
  'there are too few sessions beyond each person\'s first for a correlation within persons': () => t`there are too few sessions beyond each person's first for a correlation within persons`,
  'there are too few sessions beyond each person\'s first for a mixed model': () => t`there are too few sessions beyond each person's first for a mixed model`,
  'x never changes within a person': () => t`the score never changes within a person`,
  'y never changes within a person': () => t`the survey never changes within a person`,
  'the means of x are the same for all persons': () => t`the mean of the score is the same for all persons`,
  'x and y rise in exact proportion: nothing is left to vary': () => t`score and survey rise in exact proportion, so nothing is left to vary`,
  'a mixed model needs at least # persons': (least) => t`a mixed model needs at least ${least} persons`,
  'limits of agreement need at least # pairs': (least) => t`limits of agreement need at least ${least} pairs`,
  'limits of agreement of repeated pairs need # persons, and sessions beyond the first': (least) => t`limits of agreement of repeated pairs need ${least} persons, and sessions beyond the first`,
  'x - y is constant: there are no limits of agreement': () => t`score and survey always lie equally far apart, so there are no limits of agreement`,
  'an intraclass correlation needs at least # persons with repeated measurements; there are #': (least, persons) => t`an intraclass correlation needs at least ${least} persons with repeated measurements, and there are ${persons}`,
  'an intraclass correlation needs at least # measurements a person': (least) => t`an intraclass correlation needs at least ${least} measurements of each person`,
  'persons have different numbers of measurements': () => t`persons have different numbers of measurements`,
  'a measurement is not finite': () => t`a measurement is no finite number`,
  'all measurements are the same: an intraclass correlation is undefined': () => t`all measurements are the same, so an intraclass correlation is undefined`,
  'a permutation test needs at least one permutation': () => t`a permutation test needs at least one permutation`,
};

/** In the reader's language; what a later server may say and this page does not know stays as it was said. */
export function reasonText(why: string): string {
  const [first = '', second = ''] = why.match(/\d+/g) ?? [];
  return reasons[why.replace(/\d+/g, '#')]?.(first, second) ?? why;
}
