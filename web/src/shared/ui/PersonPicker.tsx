import {Trans, useLingui} from '@lingui/react/macro';
import {Anchor, Loader, Select, Text} from '@mantine/core';
import {IconSearch} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {peopleQuery, type Person} from '@/api/records';

export function personName(person: Pick<Person, 'pseudonym' | 'name'>): string {
  return person.name ? `${person.name} (${person.pseudonym})` : person.pseudonym;
}

/** One of the people in one's care, by any part of name or pseudonym. */
export function PersonPicker({value, onChange}: {value: string | null; onChange: (person: string | null) => void}) {
  const {t} = useLingui();
  const people = useQuery(peopleQuery);
  const rows = people.data ?? [];
  if (people.data && rows.length === 0) {
    return <Text size="sm" c="dimmed"><Trans>Nobody is in your care yet. <Anchor href="/people">Add a person</Anchor>, or ask them to choose you in their own record.</Trans></Text>;
  }
  return (
    <Select label={t`Person`} placeholder={t`Search by name or pseudonym`} searchable clearable limit={40} maxDropdownHeight={320} value={value} onChange={onChange}
      leftSection={people.isPending ? <Loader size={14} /> : <IconSearch size={16} aria-hidden />} nothingFoundMessage={t`Nobody in your care is called so`}
      data={rows.map((person) => ({value: person.id, label: personName(person)}))} error={people.isError ? t`The list of people could not be loaded.` : undefined} />
  );
}
