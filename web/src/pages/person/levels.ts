import type {SurveyResponse} from '@/api/records';

type ScaleScore = SurveyResponse['score']['scales'][number];

/** What a scale's published level says of strain. Levels are those of the score itself: of a scale on which more is better, a low one is no good sign. */
export function levelOf({category, higher_means}: Pick<ScaleScore, 'category' | 'higher_means'>) {
  if (!category) return null;
  return higher_means === 'more strain' ? (`${category} strain` as const) : (`${category} resource` as const);
}
