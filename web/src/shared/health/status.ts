// How the server is, for its administrator.
import {queryOptions} from '@tanstack/react-query';
import {api, body} from '@/api/client';

export const statusQuery = queryOptions({
  queryKey: ['status'],
  refetchInterval: 30_000,
  queryFn: () => body(api.GET('/api/v1/status')),
});

export const backupsQuery = queryOptions({
  queryKey: ['backups'],
  queryFn: () => body(api.GET('/api/v1/backups')),
  refetchInterval: (query) => (query.state.data?.running ? 1500 : false),
});
