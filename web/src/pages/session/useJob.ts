import {useQuery} from '@tanstack/react-query';
import {useState} from 'react';
import {jobQuery, useJobDeeds, type NewJob} from '@/shared/jobs/jobs';
import {tellFailure} from '@/shared/ui/toasts';

/** Has something computed and follows it; `existing` is one that was asked for before. */
export function useJob(existing: string | null = null) {
  const [id, setId] = useState<string | null>(null);
  const {make} = useJobDeeds();
  const asked = id ?? existing;
  const job = useQuery({...jobQuery(asked ?? ''), enabled: asked !== null});
  const start = (wanted: NewJob) => make.mutate(wanted, {onSuccess: (made) => setId(made.id), onError: tellFailure});
  return {start, starting: make.isPending, job: asked ? job.data ?? null : null};
}
