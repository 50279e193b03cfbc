// Simulated people to try the site out with: whether they are there, and how far they are.
import {queryOptions} from '@tanstack/react-query';
import {api, body} from '@/api/client';

export const demoQuery = queryOptions({
  queryKey: ['demo'],
  staleTime: 60_000,
  queryFn: () => body(api.GET('/api/v1/demo')),
  refetchInterval: (query) => (query.state.data?.state === 'adding' ? 1500 : false),
});
