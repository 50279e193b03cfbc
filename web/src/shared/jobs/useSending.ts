// Sends the files of some jobs to come and makes the jobs: goes on where it stopped, part by part.
import {useCallback, useRef, useState} from 'react';
import {slugOf} from '@/api/problem';
import {useJobDeeds, type Job, type NewJob} from './jobs';
import {nameJob} from './names';
import type {Part} from './plan';
import {fingerprint, forgetSent, rememberSent, sentBefore} from './sent';
import {sendUpload} from './upload';
import {zipOf} from './zip';

export interface Sending {
  part: Part;
  state: 'waiting' | 'packing' | 'sending' | 'no-network' | 'starting' | 'started' | 'failed';
  /** 0 to 1. */
  share: number;
  job: Job | null;
  error: unknown;
}

const printOf = (part: Part, at: number, person: string | null) => {
  const file = part.files[at]!;
  const whole = part.zipped ? `${part.files.length}/${part.files.reduce((sum, each) => sum + each.file.size, 0)}` : '';
  return fingerprint(file.file, file.path + whole, person);
};

export function useSending(person: string | null) {
  const {make} = useJobDeeds();
  const [items, setItems] = useState<Sending[]>([]);
  const [busy, setBusy] = useState(false);
  const stopper = useRef<AbortController>(null);

  const run = useCallback(async (all: Sending[], jobOf: (uploads: string[]) => NewJob): Promise<Job[]> => {
    const control = new AbortController();
    stopper.current = control;
    let now = all;
    const set = (at: number, change: Partial<Sending>) => { now = now.map((each, i) => (i === at ? {...each, ...change} : each)); setItems(now); };
    setItems(now);
    setBusy(true);
    const jobs: Job[] = [];
    for (const [at, {part, job}] of all.entries()) {
      if (job) { jobs.push(job); continue; }
      try {
        const files = part.zipped ? [null] : part.files;
        const bytes = part.files.reduce((sum, each) => sum + each.file.size, 0) || 1;
        const ids: string[] = [];
        let before = 0;
        for (const [f, one] of files.entries()) {
          const print = printOf(part, f, person);
          const known = sentBefore(print);
          let id = known?.whole ? known.id : null;
          if (!id) {
            if (!one) set(at, {state: 'packing', share: 0, error: null});
            const body = one ? one.file : await zipOf(part.files, (share) => set(at, {share}));
            set(at, {state: 'sending', error: null});
            const upload = await sendUpload(body, {
              person, signal: control.signal, begun: known?.id ?? null,
              onBegun: (begun) => rememberSent(print, {id: begun, whole: false}),
              onSent: (sent) => set(at, {state: 'sending', share: Math.min(1, (before + sent) / bytes)}),
              onWait: () => set(at, {state: 'no-network'}),
            });
            id = upload.id;
            rememberSent(print, {id, whole: true});
          }
          ids.push(id);
          before += one?.file.size ?? 0;
          set(at, {share: one ? before / bytes : 1});
        }
        set(at, {state: 'starting', share: 1});
        try {
          const made = await make.mutateAsync(jobOf(ids));
          jobs.push(made);
          nameJob(made.id, part.name);
          set(at, {state: 'started', job: made});
        } catch (problem) {
          // Gone meanwhile: the next try sends them again.
          if (slugOf(problem) === 'no-such-upload') forgetSent(ids);
          throw problem;
        }
        forgetSent(ids);
      } catch (error) {
        if (control.signal.aborted) { set(at, {state: 'waiting', share: 0}); break; }
        set(at, {state: 'failed', error});
      }
    }
    setBusy(false);
    return jobs;
  }, [make, person]);

  const start = useCallback((parts: readonly Part[], jobOf: (uploads: string[]) => NewJob) =>
    run(parts.map((part): Sending => ({part, state: 'waiting', share: 0, job: null, error: null})), jobOf), [run]);
  const again = useCallback((jobOf: (uploads: string[]) => NewJob) =>
    run(items.map((item): Sending => (item.state === 'started' ? item : {...item, state: 'waiting', error: null})), jobOf), [run, items]);
  const stop = useCallback(() => stopper.current?.abort(new DOMException('stopped', 'AbortError')), []);
  const clear = useCallback(() => setItems([]), []);
  return {items, busy, start, again, stop, clear};
}
