// Figures of teams by month, one request a cell. A month that is over never changes, so what was told is kept.
import {queryOptions} from '@tanstack/react-query';
import {api, body} from '@/api/client';
import {allRows} from '@/api/pages';
import {Problem} from '@/api/problem';
import type {MonthCell} from './MonthGrid';

export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  queryFn: () => allRows((after) => body(api.GET('/api/v1/teams', {params: {query: {limit: 200, ...after}}}))),
});

export const organisationsQuery = queryOptions({
  queryKey: ['organisations'],
  queryFn: () => allRows((after) => body(api.GET('/api/v1/organisations', {params: {query: {limit: 200, ...after}}}))),
});

export const aggregateQuery = (team: string, figure: string, period: string) => queryOptions({
  queryKey: ['aggregate', team, figure, period],
  staleTime: 60 * 60_000,
  queryFn: async (): Promise<MonthCell> => {
    try {
      const {mean, people_at_least} = await body(api.GET('/api/v1/teams/{team}/aggregates', {params: {path: {team}, query: {figure, period}}}));
      return {state: 'value', value: mean, people: people_at_least};
    } catch (problem) {
      if (problem instanceof Problem && problem.slug === 'too-few-people') return {state: 'few'};
      if (problem instanceof Problem && ['period-not-over', 'not-declared', 'no-such-survey'].includes(problem.slug)) return {state: 'none'};
      throw problem;
    }
  },
});
