import {useLingui} from '@lingui/react/macro';
import type {Job, JobKind} from './jobs';
import {nameOfJob} from './names';

export function useKindNames(): Record<JobKind, string> {
  const {t} = useLingui();
  return {analyze: t`Analysis`, evaluate: t`Evaluation`, audit: t`Fairness audit`, explain: t`Explanation`, validate: t`Validation`, train: t`Training from the start`, finetune: t`Fine-tuning`, import: t`Pictures into a data set`, map: t`Embedding map`, report: t`Report`};
}

/** What a job is about, in a line. */
export function useJobLine(): (job: Job) => string {
  const {t} = useLingui();
  return (job) => {
    const {uploads, dataset} = job.request;
    const {model} = job.request.options as {model?: string};
    const inputs = job.result?.inputs;
    const named = nameOfJob(job.id);
    const what = named && !(inputs && inputs.length > 1) ? named : inputs && inputs.length > 0 ? (inputs.length === 1 ? inputs[0]!.input : t`${inputs.length} files`)
      : dataset ? t`a data set of this site` : uploads && uploads.length > 1 ? t`${uploads.length} files` : t`an upload`;
    return model ? t`${what}, by ${model}` : what;
  };
}
