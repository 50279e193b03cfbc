import {Trans, useLingui} from '@lingui/react/macro';
import {Select} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {peopleQuery} from '@/api/records';
import {personName} from '@/shared/ui/PersonPicker';

/** Whose pictures these are. */
export function PersonSelect({value, onChange, required}: {value: string | null; onChange: (person: string | null) => void; required: boolean}) {
  const {t} = useLingui();
  const {data} = useQuery(peopleQuery);
  return (
    <Select label={<Trans>Whose it is</Trans>} description={required ? <Trans>Their agreement to live analysis and keeping figures must be in force.</Trans> : <Trans>Nobody in particular, unless you choose a person of your study.</Trans>}
      value={value} onChange={onChange} searchable clearable={!required} required={required} withAsterisk={false} limit={50} placeholder={required ? t`Choose a person` : t`Nobody in particular`}
      nothingFoundMessage={t`Nobody of that name who chose you.`} data={(data ?? []).map((person) => ({value: person.id, label: personName(person)}))} />
  );
}
