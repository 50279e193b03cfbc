// All accounts, as the administrator sees them.
import {queryOptions} from '@tanstack/react-query';
import {api, body} from '@/api/client';
import {allRows} from '@/api/pages';
import type {components} from '@/api/schema';

export type User = components['schemas']['User'];

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: () => allRows((after) => body(api.GET('/api/v1/users', {params: {query: {limit: 200, ...after}}})), 10_000),
});
