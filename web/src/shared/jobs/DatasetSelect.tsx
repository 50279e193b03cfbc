import {Trans, useLingui} from '@lingui/react/macro';
import {Select, Stack} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {api, body} from '@/api/client';

interface Props {
  dataset: string | null;
  /** One of its versions; null: as it is now. */
  version: string | null;
  onChange: (dataset: string | null, version: string | null) => void;
}

/** One of the site's own data sets, as it is now or as it was frozen. */
export function DatasetSelect({dataset, version, onChange}: Props) {
  const {t} = useLingui();
  const {data} = useQuery({queryKey: ['datasets', 'choice'], queryFn: ({signal}) => body(api.GET('/api/v1/datasets', {params: {query: {limit: 200}}, signal}))});
  const versions = useQuery({
    queryKey: ['datasets', 'versions', dataset], enabled: dataset !== null,
    queryFn: ({signal}) => body(api.GET('/api/v1/datasets/{dataset}/versions', {params: {path: {dataset: dataset ?? ''}, query: {limit: 200}}, signal})),
  });
  return (
    <Stack gap="sm">
      <Select label={<Trans>Data set</Trans>} value={dataset} onChange={(next) => onChange(next, null)} searchable nothingFoundMessage={t`There is none yet: make one under Data sets.`}
        placeholder={t`Choose one`} data={(data?.rows ?? []).map(({id, name}) => ({value: id, label: name}))} />
      {(versions.data?.rows.length ?? 0) > 0 && (
        <Select label={<Trans>Version</Trans>} value={version} onChange={(next) => onChange(dataset, next)} clearable placeholder={t`As it is now`} clearButtonProps={{'aria-label': t`As it is now`}}
          data={(versions.data?.rows ?? []).map(({id, name, pictures}) => ({value: id, label: t`${name} (${pictures} pictures)`}))} />
      )}
    </Stack>
  );
}
