import {useLingui} from '@lingui/react/macro';

/** The options of a run in words. */
export function useOptionNames(): (name: string) => string {
  const {t} = useLingui();
  const words: Record<string, string> = {
    epochs: t`Epochs`, batch: t`Pictures a step`, learning_rate: t`Learning rate`, net: t`Network`, channels: t`Channels of each stage`, blocks: t`Blocks of each stage`,
    dropout: t`Dropout`, optimiser: t`Optimiser`, schedule: t`Schedule`, ema_decay: t`Averaging of weights`, patience: t`Patience (epochs)`, balance: t`Rare classes`,
    arithmetic: t`Arithmetic`, hold_out: t`Held out`, seed: t`Seed`, cropped: t`Cut-out faces`, model: t`Model`, head: t`Head`,
  };
  return (name) => words[name] ?? name;
}

export const written = (value: unknown): string => (value === undefined ? '–' : Array.isArray(value) ? value.join(' · ') : String(value));
