// The fields of a person's record, for a new one and for a change.
import {Trans, useLingui} from '@lingui/react/macro';
import {SimpleGrid, Stack, Textarea, TextInput} from '@mantine/core';
import type {Person} from '@/api/records';
import type {components} from '@/api/schema';

export interface Facts {
  name: string;
  pseudonym: string;
  birth_year: string;
  contact: string;
  remarks: string;
}
export const emptyFacts: Facts = {name: '', pseudonym: '', birth_year: '', contact: '', remarks: ''};

export const factsOf = (person: Person): Facts => ({
  name: person.name ?? '', pseudonym: person.pseudonym, birth_year: person.birth_year ? String(person.birth_year) : '', contact: person.contact ?? '', remarks: person.remarks ?? '',
});

export type FactsFault = 'pseudonym' | 'birth_year' | null;

export function factsFault(facts: Facts, thisYear = new Date().getFullYear()): FactsFault {
  if (facts.pseudonym.trim() && !/^[A-Za-z0-9._-]{1,40}$/.test(facts.pseudonym.trim())) return 'pseudonym';
  if (facts.birth_year.trim()) {
    const year = Number(facts.birth_year);
    if (!Number.isInteger(year) || year < 1900 || year > thisYear) return 'birth_year';
  }
  return null;
}

/** Only what was filled in, and differs from what is known. */
export function sentFacts(facts: Facts, known: Facts = emptyFacts): components['schemas']['PersonFields'] {
  const out: components['schemas']['PersonFields'] = {};
  for (const field of ['name', 'pseudonym', 'contact', 'remarks'] as const) {
    const value = facts[field].trim();
    if (value && value !== known[field]) out[field] = value;
  }
  if (facts.birth_year.trim() && facts.birth_year !== known.birth_year) out.birth_year = Number(facts.birth_year);
  return out;
}

interface Props {
  facts: Facts;
  onChange: (facts: Facts) => void;
  fault: FactsFault;
  autoFocus?: boolean;
}

export function FactFields({facts, onChange, fault, autoFocus = false}: Props) {
  const {t} = useLingui();
  const at = (field: keyof Facts) => ({value: facts[field], onChange: (event: {currentTarget: {value: string}}) => onChange({...facts, [field]: event.currentTarget.value})});
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{base: 1, xs: 2}} spacing="sm">
        <TextInput label={<Trans>Name</Trans>} maxLength={200} autoComplete="off" data-autofocus={autoFocus || undefined} {...at('name')} />
        <TextInput label={<Trans>Pseudonym</Trans>} maxLength={40} autoComplete="off" {...at('pseudonym')} placeholder={t`made for you if left empty`}
          error={fault === 'pseudonym' && <Trans>Letters, digits, point, hyphen and underline only</Trans>} />
        <TextInput label={<Trans>Year of birth</Trans>} inputMode="numeric" maxLength={4} autoComplete="off" {...at('birth_year')} error={fault === 'birth_year' && <Trans>A year such as 1984</Trans>} />
        <TextInput label={<Trans>Contact</Trans>} maxLength={200} autoComplete="off" {...at('contact')} />
      </SimpleGrid>
      <Textarea label={<Trans>Remarks</Trans>} autosize minRows={2} maxRows={8} maxLength={10000} {...at('remarks')} />
    </Stack>
  );
}
