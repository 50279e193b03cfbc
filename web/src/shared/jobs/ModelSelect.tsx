import {useLingui} from '@lingui/react/macro';
import {Select} from '@mantine/core';
import type {ReactNode} from 'react';
import {useExpressionModels} from './useModels';

interface Props {
  label: ReactNode;
  description?: ReactNode;
  value: string | null;
  onChange: (reference: string | null) => void;
  /** What is not to be chosen. */
  without?: string | null;
  /** Said where nothing is chosen. */
  placeholder?: string;
}

/** A model by its version; nothing chosen means the one that is in use. */
export function ModelSelect({label, description, value, onChange, without, placeholder}: Props) {
  const {t} = useLingui();
  const models = useExpressionModels();
  const data = models.filter(({reference}) => reference !== without).map(({reference, meant_by}) => ({value: reference, label: meant_by.includes('expression') ? t`${reference} (in use)` : reference}));
  return <Select label={label} description={description} value={value} onChange={onChange} data={data} clearable placeholder={placeholder ?? t`The one in use`} clearButtonProps={{'aria-label': t`Clear`}} />;
}
