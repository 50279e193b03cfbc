import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import type {components} from '@/api/schema';
import {tellFailure} from '@/shared/ui/toasts';

type NewJob = components['schemas']['NewJob'];
export type Job = components['schemas']['Job'];

/** Has something computed and follows it; `existing` is one that was asked for before. */
export function useJob(existing: string | null = null) {
  const queryClient = useQueryClient();
  const [id, setId] = useState<string | null>(null);
  const asked = id ?? existing;
  const start = useMutation({
    mutationFn: (job: NewJob) => body(api.POST('/api/v1/jobs', {params: {header: {'Idempotency-Key': idempotencyKey()}}, body: job})),
    onSuccess: (job) => {
      queryClient.setQueryData(['jobs', job.id], job);
      setId(job.id);
    },
    onError: tellFailure,
  });
  const job = useQuery({
    queryKey: ['jobs', asked],
    enabled: asked !== null,
    queryFn: () => body(api.GET('/api/v1/jobs/{job}', {params: {path: {job: asked ?? ''}}})),
    refetchInterval: (query) => (query.state.data && ['queued', 'running'].includes(query.state.data.state) ? 700 : false),
  });
  return {start: start.mutate, starting: start.isPending, job: asked ? job.data ?? null : null};
}

export const resultUrl = (job: string, name: string) => `/api/v1/jobs/${job}/results/${encodeURIComponent(name)}`;
