import {queryOptions, useMutation, useQueryClient} from '@tanstack/react-query';
import {api, body} from '@/api/client';
import type {components} from '@/api/schema';
import {tellFailure} from '@/shared/ui/toasts';

export type ModelChange = components['schemas']['ModelChange'];

export const modelQuery = (model: string) => queryOptions({
  queryKey: ['models', model],
  queryFn: ({signal}) => body(api.GET('/api/v1/models/{model}', {params: {path: {model}}, signal})),
});

export interface HistoryEntry {
  utc: string;
  event: string;
  channel: string;
  model: string;
}

/** What only an administrator may do with models. */
export function useModelDeeds() {
  const client = useQueryClient();
  const after = {onSuccess: () => client.invalidateQueries({queryKey: ['models']}), onError: tellFailure};
  const add = useMutation({
    mutationFn: (addition: {job: string; name: string; licence: string; source: string}) => body(api.POST('/api/v1/models', {body: addition})),
    onSuccess: after.onSuccess,
  });
  const promote = useMutation({mutationFn: ({model, as}: {model: string; as: string}) => body(api.POST('/api/v1/models/{model}/promotion', {params: {path: {model}}, body: {as}})), ...after});
  const rollBack = useMutation({mutationFn: (name: string) => body(api.POST('/api/v1/models/{model}/rollback', {params: {path: {model: name}}})), ...after});
  return {add, promote, rollBack};
}
