import {useQuery} from '@tanstack/react-query';
import {useMemo} from 'react';
import {surveysQuery} from '@/shared/surveys/queries';

/** What each questionnaire is called. */
export function useSurveyTitles(): ReadonlyMap<string, string> {
  const {data} = useQuery(surveysQuery);
  return useMemo(() => new Map(data?.map((survey) => [survey.id, survey.title])), [data]);
}
