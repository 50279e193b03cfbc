import {useQuery} from '@tanstack/react-query';
import {useMemo} from 'react';
import {api, body} from '@/api/client';

export const surveysQuery = {queryKey: ['surveys'] as const, staleTime: 300_000, queryFn: () => body(api.GET('/api/v1/surveys'))};

/** What each questionnaire is called. */
export function useSurveyTitles(): ReadonlyMap<string, string> {
  const {data} = useQuery(surveysQuery);
  return useMemo(() => new Map(data?.rows.map((survey) => [survey.id, survey.title])), [data]);
}
