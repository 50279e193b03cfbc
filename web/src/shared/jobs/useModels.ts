import {queryOptions, useQuery} from '@tanstack/react-query';
import {api, body} from '@/api/client';
import type {components} from '@/api/schema';

export type Model = components['schemas']['Model'];

export const modelsQuery = queryOptions({queryKey: ['models'], queryFn: ({signal}) => body(api.GET('/api/v1/models', {signal}))});

/** What a face's expression can be read by: the versions of the model that "expression" means, and what was trained here. */
export function expressionModels(rows: readonly Model[]): Model[] {
  const ours = rows.filter((model) => model.name === 'expression' || model.meant_by.includes('expression') || model.origin === 'added');
  return ours.sort((a, b) => Number(b.meant_by.includes('expression')) - Number(a.meant_by.includes('expression')));
}

export function useExpressionModels() {
  const {data} = useQuery(modelsQuery);
  return expressionModels(data?.rows ?? []);
}
