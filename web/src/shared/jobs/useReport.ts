import {useCallback, useRef, useState} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import {Problem} from '@/api/problem';
import {saveBlob} from '@/shared/ui/save';
import {tellFailure} from '@/shared/ui/toasts';
import {isOver, type NewJob} from './jobs';

const kAskEveryMs = 700;

/** Has a report made once, and saves the files that are asked for out of it. */
export function useReport(request: NewJob) {
  const [busy, setBusy] = useState(false);
  /** One for each thing that was asked for. */
  const made = useRef(new Map<string, Promise<string>>());
  const asked = JSON.stringify(request);

  const make = useCallback(async (): Promise<string> => {
    let job = await body(api.POST('/api/v1/jobs', {params: {header: {'Idempotency-Key': idempotencyKey()}}, body: JSON.parse(asked) as NewJob}));
    while (!isOver(job)) {
      await new Promise((resolve) => setTimeout(resolve, kAskEveryMs));
      job = await body(api.GET('/api/v1/jobs/{job}', {params: {path: {job: job.id}}}));
    }
    if (job.state !== 'done') throw new Problem(500, 'report-failed', job.error ?? '');
    return job.id;
  }, [asked]);

  const saveFile = useCallback(async (name: string, as: string) => {
    setBusy(true);
    try {
      const known = made.current.get(asked) ?? make();
      made.current.set(asked, known);
      const job = await known;
      const {data} = await api.GET('/api/v1/jobs/{job}/results/{name}', {params: {path: {job, name}}, parseAs: 'blob'});
      saveBlob(as, data as unknown as Blob);
    } catch (problem) {
      made.current.delete(asked);
      tellFailure(problem);
    } finally {
      setBusy(false);
    }
  }, [make, asked]);

  return {saveFile, busy};
}
