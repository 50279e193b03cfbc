import {infiniteQueryOptions, queryOptions, useMutation, useQueryClient, type InfiniteData} from '@tanstack/react-query';
import {api, body, idempotencyKey} from '@/api/client';
import type {components} from '@/api/schema';
import {tellFailure} from '@/shared/ui/toasts';
import {portions, type Change, type Label} from './selection';

export type Dataset = components['schemas']['Dataset'];
export type Picture = components['schemas']['Picture'];
export type Twins = components['schemas']['Twins'];
export type Version = components['schemas']['DatasetVersion'];
type PicturePage = components['schemas']['PicturePage'];

/** Which pictures: all, those of a class, those without a label. */
export type Filter = 'all' | 'unlabelled' | NonNullable<Label>;

export const datasetsQuery = infiniteQueryOptions({
  queryKey: ['datasets', 'list'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({pageParam, signal}) => body(api.GET('/api/v1/datasets', {params: {query: {limit: 200, after: pageParam}}, signal})),
  getNextPageParam: (page) => page.next ?? undefined,
});
export const datasetQuery = (dataset: string) => queryOptions({queryKey: ['datasets', 'one', dataset], queryFn: ({signal}) => body(api.GET('/api/v1/datasets/{dataset}', {params: {path: {dataset}}, signal}))});
export const countsQuery = (dataset: string) => queryOptions({queryKey: ['datasets', 'counts', dataset], queryFn: ({signal}) => body(api.GET('/api/v1/datasets/{dataset}/counts', {params: {path: {dataset}}, signal}))});
export const duplicatesQuery = (dataset: string) => queryOptions({queryKey: ['datasets', 'duplicates', dataset], queryFn: ({signal}) => body(api.GET('/api/v1/datasets/{dataset}/duplicates', {params: {path: {dataset}}, signal}))});
export const versionsQuery = (dataset: string) => queryOptions({queryKey: ['datasets', 'versions', dataset], queryFn: ({signal}) => body(api.GET('/api/v1/datasets/{dataset}/versions', {params: {path: {dataset}, query: {limit: 200}}, signal}))});

export const picturesQuery = (dataset: string, filter: Filter) => infiniteQueryOptions({
  queryKey: ['datasets', 'pictures', dataset, filter],
  initialPageParam: undefined as string | undefined,
  queryFn: ({pageParam, signal}) => body(api.GET('/api/v1/datasets/{dataset}/pictures', {
    params: {path: {dataset}, query: {limit: 200, after: pageParam, ...(filter === 'all' ? {} : filter === 'unlabelled' ? {labelled: false} : {label: filter})}}, signal,
  })),
  getNextPageParam: (page) => page.next ?? undefined,
});

export const thumbnail = (dataset: string, picture: string) => `/api/v1/datasets/${dataset}/pictures/${picture}/thumbnail`;
export const image = (dataset: string, picture: string) => `/api/v1/datasets/${dataset}/pictures/${picture}/image`;

/** What changes the pictures of a data set. What is labelled shows at once. */
export function usePictureDeeds(dataset: string) {
  const client = useQueryClient();
  const path = {dataset};
  const around = () => Promise.all(['counts', 'duplicates'].map((what) => client.invalidateQueries({queryKey: ['datasets', what, dataset]})));
  const everything = () => client.invalidateQueries({queryKey: ['datasets']});
  const label = useMutation({
    mutationFn: async (changes: readonly Change[]) => {
      for (const {ids, label: to} of changes) for (const some of portions(ids)) await api.POST('/api/v1/datasets/{dataset}/pictures/labels', {params: {path}, body: {ids: some, label: to}});
    },
    onMutate: (changes) => {
      const to = new Map(changes.flatMap((change) => change.ids.map((id) => [id, change.label] as const)));
      client.setQueriesData<InfiniteData<PicturePage>>({queryKey: ['datasets', 'pictures', dataset]}, (data) => data && {
        ...data, pages: data.pages.map((page) => ({...page, rows: page.rows.map((row) => (to.has(row.id) ? {...row, label: to.get(row.id) ?? null} : row))})),
      });
    },
    onSuccess: around,
    onError: (problem) => { tellFailure(problem); void everything(); },
  });
  const remove = useMutation({
    mutationFn: async (ids: readonly string[]) => {
      for (const some of portions(ids)) await api.POST('/api/v1/datasets/{dataset}/pictures/removal', {params: {path}, body: {ids: some}});
    },
    onSuccess: everything,
    onError: (problem) => { tellFailure(problem); void everything(); },
  });
  const freeze = useMutation({mutationFn: (name: string) => body(api.POST('/api/v1/datasets/{dataset}/versions', {params: {path, header: {'Idempotency-Key': idempotencyKey()}}, body: {name}})), onSuccess: everything, onError: tellFailure});
  const drop = useMutation({mutationFn: async (version: string) => { await api.DELETE('/api/v1/datasets/{dataset}/versions/{version}', {params: {path: {dataset, version}}}); }, onSuccess: everything, onError: tellFailure});
  return {label, remove, freeze, drop, everything};
}
