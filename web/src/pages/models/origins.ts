import {useLingui} from '@lingui/react/macro';
import type {Model} from '@/shared/jobs/useModels';

export function useOrigins(): Record<Model['origin'], string> {
  const {t} = useLingui();
  return {shipped: t`Shipped with Pyrometer`, fetched: t`Fetched at installation`, added: t`Trained or added here`};
}
