// Jobs: what the server computes while one does something else. Asked for by their ETag, so that what is known is not sent again.
import {infiniteQueryOptions, queryOptions, useMutation, useQueryClient} from '@tanstack/react-query';
import {api, body, idempotencyKey} from '@/api/client';
import type {components} from '@/api/schema';
import {tellFailure} from '@/shared/ui/toasts';

export type Job = components['schemas']['Job'];
export type JobKind = Job['kind'];
export type NewJob = components['schemas']['NewJob'];
export type JobFile = components['schemas']['JobFile'];

const kAskEveryMs = 1000;

export const isOver = (job: Job) => job.state === 'done' || job.state === 'failed' || job.state === 'cancelled';
/** Nothing comes of it by itself. */
const isStill = (job: Job) => isOver(job) || job.state === 'paused';

export function jobQuery(id: string) {
  return queryOptions({
    queryKey: ['jobs', 'one', id],
    queryFn: async ({client, signal}): Promise<Job> => {
      const known = client.getQueryData<Job>(['jobs', 'one', id]);
      const header = known ? {'If-None-Match': `"${known.version}"`} : {};
      const {data, response} = await api.GET('/api/v1/jobs/{job}', {params: {path: {job: id}, header}, signal});
      return response.status === 304 && known ? known : (data as Job);
    },
    refetchInterval: ({state}) => (state.data && isStill(state.data) ? false : kAskEveryMs),
  });
}

/** One's own jobs, the newest first; asked again while one of them runs. */
export const jobsQuery = infiniteQueryOptions({
  queryKey: ['jobs', 'list'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({pageParam, signal}) => body(api.GET('/api/v1/jobs', {params: {query: {limit: 200, after: pageParam}}, signal})),
  getNextPageParam: (page) => page.next ?? undefined,
  refetchInterval: ({state}) => (state.data?.pages.some((page) => page.rows.some((job) => !isStill(job))) ? 2 * kAskEveryMs : false),
});

/** Makes, ends and removes jobs; lists and pages of them follow. */
export function useJobDeeds() {
  const client = useQueryClient();
  const changed = () => client.invalidateQueries({queryKey: ['jobs']});
  const make = useMutation({
    mutationFn: (job: NewJob) => body(api.POST('/api/v1/jobs', {body: job, params: {header: {'Idempotency-Key': idempotencyKey()}}})),
    onSuccess: changed,
  });
  const cancel = useMutation({
    mutationFn: (id: string) => body(api.POST('/api/v1/jobs/{job}/cancel', {params: {path: {job: id}}})),
    onSuccess: changed, onError: tellFailure,
  });
  const pause = useMutation({
    mutationFn: (id: string) => body(api.POST('/api/v1/jobs/{job}/pause', {params: {path: {job: id}}})),
    onSuccess: changed, onError: tellFailure,
  });
  const resume = useMutation({
    mutationFn: (id: string) => body(api.POST('/api/v1/jobs/{job}/resume', {params: {path: {job: id}}})),
    onSuccess: changed, onError: tellFailure,
  });
  const remove = useMutation({
    mutationFn: async (id: string) => {
      await api.DELETE('/api/v1/jobs/{job}', {params: {path: {job: id}}});
      client.removeQueries({queryKey: ['jobs', 'one', id]});
    },
    onSuccess: changed, onError: tellFailure,
  });
  return {make, cancel, pause, resume, remove};
}

export const resultAddress = (job: string, name: string) => `/api/v1/jobs/${job}/results/${encodeURIComponent(name)}`;

/** A result that is read here rather than saved. It never changes. */
export function resultQuery<T>(job: string, name: string, read: (text: string) => T) {
  return queryOptions({
    queryKey: ['jobs', 'result', job, name],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<T> => {
      const text = await body(api.GET('/api/v1/jobs/{job}/results/{name}', {params: {path: {job, name}}, parseAs: 'text'}));
      return read(text as string);
    },
  });
}
