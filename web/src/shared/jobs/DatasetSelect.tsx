import {Trans, useLingui} from '@lingui/react/macro';
import {Select} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {api, body} from '@/api/client';

/** One of the site's own data sets. */
export function DatasetSelect({value, onChange}: {value: string | null; onChange: (dataset: string | null) => void}) {
  const {t} = useLingui();
  const {data} = useQuery({queryKey: ['datasets', 'choice'], queryFn: ({signal}) => body(api.GET('/api/v1/datasets', {params: {query: {limit: 200}}, signal}))});
  return (
    <Select label={<Trans>Data set</Trans>} value={value} onChange={onChange} searchable nothingFoundMessage={t`There is none yet: make one under Data sets.`}
      placeholder={t`Choose one`} data={(data?.rows ?? []).map(({id, name}) => ({value: id, label: name}))} />
  );
}
