import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Box, Button, Checkbox, Group, Modal, Select, Stack, Text, Textarea, TextInput} from '@mantine/core';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import {consentsQuery, type Person} from '@/api/records';
import {showsExpressions, useAccount} from '@/app/account';
import {describe} from '@/shared/ui/problemText';
import {PageLoading} from '@/shared/ui/PageLoading';
import {tell} from '@/shared/ui/toasts';
import {scopes, useScopeTexts, type Scope} from './scopes';
import {activeTemplatesQuery, type ConsentTemplate} from '@/api/records';
import {templatesFor} from './templates';

/** The words of this form where no text of the site is chosen: what was agreed to is told by their version. */
const kTextVersion = 'plain-1';
const kOwn = 'own-words';

interface Of {
  person: Person;
  own: boolean;
  onClose: () => void;
}

function Form({person, own, onClose, templates}: Of & {templates: readonly ConsentTemplate[]}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const {site} = useAccount();
  const texts = useScopeTexts(showsExpressions(site));
  const [which, setWhich] = useState(templates[0]?.id ?? kOwn);
  const template = templates.find(({id}) => id === which);
  const offered = template ? template.scopes : scopes.filter((scope) => scope !== 'research_use' || site.research_approved);
  const [chosen, setChosen] = useState<Scope[]>(template?.scopes ?? ['live_analysis', 'store_observations']);
  const [purpose, setPurpose] = useState(own ? t`To follow my own strain over time` : t`To follow strain over time as part of care`);
  const [until, setUntil] = useState('');
  const [signed, setSigned] = useState(false);
  const [key] = useState(idempotencyKey);
  const give = useMutation({
    mutationFn: () => body(api.POST('/api/v1/people/{person}/consents', {
      params: {path: {person: person.id}, header: {'Idempotency-Key': key}},
      body: {...(template ? {template: template.id} : {purpose: purpose.trim(), text_version: kTextVersion}), scopes: chosen, ...(until ? {until: `${until}T23:59:59Z`} : {})},
    })),
    onSuccess: () => {
      void queryClient.invalidateQueries({queryKey: consentsQuery(person.id).queryKey});
      tell(<Trans>Saved. It is in force now, and can be withdrawn at any time.</Trans>);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    give.mutate();
  };
  const choose = (id: string | null) => {
    if (!id) return;
    setWhich(id);
    setChosen([...(templates.find((each) => each.id === id)?.scopes ?? ['live_analysis', 'store_observations'])]);
  };
  const toggle = (scope: Scope, on: boolean) => setChosen(on ? [...chosen, scope] : chosen.filter((each) => each !== scope));
  const today = new Date().toISOString().slice(0, 10);
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm" c="dimmed">{own ? <Trans>Choose only what you want. Saying no changes nothing else for you.</Trans> : <Trans>Enter only what the person has agreed to in writing. They see this entry, and can withdraw it.</Trans>}</Text>
        {give.error && <Alert color="red" variant="light" role="alert">{describe(give.error)}</Alert>}
        {templates.length > 0 && (
          <Select label={<Trans>Text</Trans>} allowDeselect={false} value={which} onChange={choose}
            data={[...templates.map(({id, purpose: what}) => ({value: id, label: what})), {value: kOwn, label: own ? t`Single things, as described here` : t`Another text, on paper`}]} />
        )}
        {template && (
          <Box className="py-paper" p="sm" mah={220} style={{overflow: 'auto'}} tabIndex={0} role="region" aria-label={t`Text of the consent`}>
            {template.text.split(/\n\s*\n/).map((paragraph) => <Text key={paragraph} size="sm" mb="xs">{paragraph}</Text>)}
          </Box>
        )}
        <Stack gap="xs" role="group" aria-label={t`What is agreed to`}>
          {offered.map((scope) => <Checkbox key={scope} checked={chosen.includes(scope)} onChange={(event) => toggle(scope, event.currentTarget.checked)} label={<Text size="sm" fw={600}>{texts[scope].name}</Text>} description={texts[scope].what} />)}
        </Stack>
        {!template && <Textarea label={<Trans>What for</Trans>} value={purpose} onChange={(event) => setPurpose(event.currentTarget.value)} autosize minRows={1} maxRows={4} required maxLength={2000} />}
        <TextInput type="date" label={<Trans>Until</Trans>} description={<Trans>Empty: until it is withdrawn</Trans>} min={today} value={until} onChange={(event) => setUntil(event.currentTarget.value)} w={220} />
        {!own && <Checkbox checked={signed} onChange={(event) => setSigned(event.currentTarget.checked)} label={<Trans>I have this consent in writing, signed by the person.</Trans>} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}><Trans>Cancel</Trans></Button>
          <Button type="submit" loading={give.isPending} disabled={chosen.length === 0 || (!template && !purpose.trim()) || (!own && !signed)}>{own ? <Trans>I agree</Trans> : <Trans>Enter</Trans>}</Button>
        </Group>
      </Stack>
    </form>
  );
}

function Loaded(of: Of) {
  const {site} = useAccount();
  const {data, error} = useQuery(activeTemplatesQuery);
  if (!data && !error) return <PageLoading />;
  return <Form {...of} templates={templatesFor(data ?? [], site.mode)} />;
}

export function GiveConsent({opened, ...of}: Of & {opened: boolean}) {
  const {t} = useLingui();
  return <Modal opened={opened} onClose={of.onClose} title={of.own ? t`Agree to something` : t`Enter a consent`} centered size="lg"><Loaded {...of} /></Modal>;
}
