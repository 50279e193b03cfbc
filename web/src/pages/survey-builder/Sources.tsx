import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Group, Select, Stack, Switch, Textarea, TextInput} from '@mantine/core';
import {Card} from '@/shared/ui/Card';
import {useLicenceNames} from '@/shared/surveys/words';
import {useField} from './fields';
import type {Draft} from './queries';
import type {SectionProps} from './Questions';

/** What it is called, and what it asks about. */
export function About({draft, edit}: SectionProps) {
  const field = useField();
  return (
    <Card title={<Trans>About it</Trans>}>
      <Stack gap="sm">
        <TextInput {...field('/title')} label={<Trans>Title</Trans>} description={<Trans>What people and reports call it</Trans>} maxLength={300} value={draft.title} onChange={({currentTarget: {value}}) => edit((before) => ({...before, title: value}))} />
        <TextInput {...field('/period')} label={<Trans>What time it asks about</Trans>} description={<Trans>“the last two weeks”; may be left out</Trans>} maxLength={300} value={draft.period ?? ''}
          onChange={({currentTarget: {value}}) => edit(({period: _, ...before}) => (value ? {...before, period: value} : before))} />
        <Switch label={<Trans>Not validated: nobody has shown yet that it measures what it is named for</Trans>} checked={draft.unvalidated ?? false} onChange={({currentTarget: {checked}}) => edit((before) => ({...before, unvalidated: checked}))} />
      </Stack>
    </Card>
  );
}

/** On what it rests: whoever reads a score later finds it here. */
export function Sources({draft, edit}: SectionProps) {
  const {t} = useLingui();
  const field = useField();
  const licences = useLicenceNames();
  const licence = (change: Partial<Draft['licence']>) => edit((before) => ({...before, licence: {...before.licence, ...change}}));
  const missing = (change: Partial<Draft['missing']>) => edit((before) => ({...before, missing: {...before.missing, ...change}}));
  return (
    <Card title={<Trans>Sources and licence</Trans>} lead={<Trans>Shown beside every score, so that whoever reads it knows what it rests on.</Trans>}>
      <Stack gap="sm">
        <Textarea {...field('/key_source')} label={<Trans>Where the scoring key was published or agreed</Trans>} autosize maxLength={2000} value={draft.key_source} onChange={({currentTarget: {value}}) => edit((before) => ({...before, key_source: value}))} />
        <Group grow align="flex-start">
          <Textarea {...field('/missing/rule')} label={<Trans>What happens to unanswered questions</Trans>} autosize maxLength={2000} value={draft.missing.rule} onChange={({currentTarget: {value}}) => missing({rule: value})} />
          <Textarea {...field('/missing/source')} label={<Trans>Who says so</Trans>} autosize maxLength={2000} value={draft.missing.source} onChange={({currentTarget: {value}}) => missing({source: value})} />
        </Group>
        <Group grow align="flex-start">
          <Select label={<Trans>Licence</Trans>} allowDeselect={false} value={draft.licence.status} data={(['own', 'free with conditions', 'licensed'] as const).map((value) => ({value, label: licences[value]!}))} onChange={(value) => value && licence({status: value})} />
          <TextInput {...field('/licence/holder')} label={<Trans>Whose it is</Trans>} maxLength={300} value={draft.licence.holder} onChange={({currentTarget: {value}}) => licence({holder: value})} />
        </Group>
        <Textarea {...field('/licence/note')} label={draft.licence.status === 'own' ? <Trans>Note on the licence</Trans> : <Trans>On what ground this site may use it</Trans>} autosize maxLength={2000} value={draft.licence.note} onChange={({currentTarget: {value}}) => licence({note: value})} />
        {draft.licence.status !== 'own' && draft.wording && <Alert variant="light" color="ember" title={t`This wording is somebody's work`}><Trans>Publish it only if the holder lets this site use it in this form and in these languages. It stays on this server.</Trans></Alert>}
      </Stack>
    </Card>
  );
}
