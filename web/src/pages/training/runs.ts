// Runs: what a job of training was asked for, and how it went epoch by epoch.
import type {components} from '@/api/schema';
import type {Job} from '@/shared/jobs/jobs';

export type TrainOptions = NonNullable<components['schemas']['TrainJob']['options']>;
export type FinetuneOptions = NonNullable<components['schemas']['FinetuneJob']['options']>;
export type Epoch = components['schemas']['Epoch'];

export type Preset = 'quick' | 'standard' | 'thorough';

/** What each preset asks for. Left out: what the trainer does of itself. */
export const presets: Record<Preset, TrainOptions> = {
  quick: {epochs: 12, batch: 64, net: 'residual', channels: [16, 32, 64], blocks: [1, 1, 1], ema_decay: 0.98},
  standard: {epochs: 40, batch: 64, net: 'residual', channels: [32, 64, 128], blocks: [1, 1, 1], patience: 12, balance: 'loss'},
  thorough: {epochs: 120, batch: 64, net: 'residual', channels: [64, 128, 256], blocks: [2, 2, 2], dropout: 0.3, patience: 25, balance: 'loss'},
};

export const epochsOf = (job: Job): Epoch[] => job.result?.epochs ?? [];

export type Curve = 'accuracy' | 'loss' | 'rate';
export const curveValue: Record<Curve, (epoch: Epoch) => number | null> = {
  accuracy: ({hold_out_product: share}) => share ?? null,
  loss: ({product_loss: loss}) => loss ?? null,
  rate: ({learning_rate: rate}) => rate ?? null,
};

/** The epoch that did best on the pictures held out. */
export function best(epochs: readonly Epoch[]): Epoch | null {
  let found: Epoch | null = null;
  for (const epoch of epochs) if ((epoch.hold_out_product ?? -1) > (found?.hold_out_product ?? -1)) found = epoch;
  return found;
}

/** Epochs (from 1 on) of all runs, and each run's values at them. */
export function together(runs: readonly (readonly Epoch[])[], value: (epoch: Epoch) => number | null): [number[], ...(number | null)[][]] {
  const most = Math.max(0, ...runs.map((epochs) => (epochs.at(-1)?.epoch ?? -1) + 1));
  const at = runs.map((epochs) => new Map(epochs.map((epoch) => [epoch.epoch, value(epoch)])));
  const x = Array.from({length: most}, (_, epoch) => epoch + 1);
  return [x, ...at.map((values) => x.map((epoch) => values.get(epoch - 1) ?? null))];
}

/** Options that runs do not share, for a table that shows only what differs. */
export function differing(jobs: readonly Job[]): string[] {
  const names = new Set(jobs.flatMap((job) => Object.keys(job.request.options)));
  return [...names].filter((name) => new Set(jobs.map((job) => JSON.stringify((job.request.options as Record<string, unknown>)[name]))).size > 1).sort();
}

/** Seconds to the end, from the epochs so far. */
export function secondsLeft(epochs: readonly Epoch[], asked: number): number | null {
  const last = epochs.slice(-5).map(({seconds}) => seconds).filter((each) => each !== undefined);
  if (last.length === 0) return null;
  return (last.reduce((sum, each) => sum + each, 0) / last.length) * Math.max(0, asked - epochs.length);
}
