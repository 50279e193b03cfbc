import type {Job} from '@/shared/jobs/jobs';
import {best, epochsOf} from './runs';

/** A figure of finetune.json's before and after. */
export function figure(of: Record<string, unknown> | null | undefined, name: string): number | null {
  const value = of?.[name];
  return typeof value === 'number' ? value : null;
}

/** How often a run's model is right on the pictures held out. */
export const accuracyOf = (job: Job): number | null => (job.kind === 'finetune' ? figure(job.result?.after, 'accuracy') : best(epochsOf(job))?.hold_out_product ?? null);
