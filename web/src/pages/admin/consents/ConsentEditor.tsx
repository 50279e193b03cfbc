import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Checkbox, Group, Modal, Select, Stack, TextInput, Textarea} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import type {Site} from '@/app/account';
import {useModeNames} from '@/app/shell/SiteLine';
import {templatesKey, type ConsentTemplate} from '@/api/records';
import {useConsentNames, type ConsentScope} from '@/shared/people/consents';
import {describe} from '@/shared/ui/problemText';
import {tell} from '@/shared/ui/toasts';

interface Draft {
  name: string;
  purpose: string;
  mode: string;
  scopes: string[];
  text: string;
}

const kDraft = 'pyrometer.consent-text';

function draftOf(of: ConsentTemplate | 'new' | null): Draft {
  const kept = sessionStorage.getItem(`${kDraft}.${typeof of === 'object' && of ? of.id : 'new'}`);
  if (kept) return JSON.parse(kept) as Draft;
  if (of === null || of === 'new') return {name: '', purpose: '', mode: '', scopes: [], text: ''};
  return {name: of.name, purpose: of.purpose, mode: of.mode ?? '', scopes: of.scopes, text: of.text};
}

/** A new text, or the next edition of one. What is typed is kept until it is saved or discarded. */
export function ConsentEditor({of, language, onClose}: {of: ConsentTemplate | 'new' | null; language: string; onClose: () => void}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const modes = useModeNames();
  const scopes = useConsentNames();
  const edited = typeof of === 'object' && of ? of : null;
  const key = `${kDraft}.${edited?.id ?? 'new'}`;
  const [draft, setDraft] = useState(() => draftOf(of));
  const [idempotency] = useState(idempotencyKey);
  const write = (change: Partial<Draft>) => {
    const next = {...draft, ...change};
    setDraft(next);
    sessionStorage.setItem(key, JSON.stringify(next));
  };
  const discard = () => {
    sessionStorage.removeItem(key);
    onClose();
  };
  const save = useMutation({
    mutationFn: () => body(api.POST('/api/v1/consent-templates', {
      params: {header: {'Idempotency-Key': idempotency}},
      body: {name: draft.name.trim(), purpose: draft.purpose.trim(), language: edited?.language ?? language, scopes: draft.scopes as ConsentScope[], text: draft.text.trim(), ...(draft.mode ? {mode: draft.mode as Site['mode']} : {})},
    })),
    onSuccess: (made) => {
      tell(<Trans>Edition {made.edition} is in use now.</Trans>);
      void queryClient.invalidateQueries({queryKey: templatesKey});
      discard();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const ready = draft.name.trim() && draft.purpose.trim() && draft.text.trim() && draft.scopes.length > 0;
  return (
    <Modal opened={of !== null} onClose={onClose} size="xl" title={edited ? t`The next edition` : t`New text`} closeButtonProps={{'aria-label': t`Close`}}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          {save.error && <Alert color="red" variant="light" role="alert">{describe(save.error)}</Alert>}
          <Group grow align="flex-start">
            <TextInput label={<Trans>Short name</Trans>} description={<Trans>The same for all languages of a text</Trans>} disabled={edited !== null} value={draft.name} onChange={(e) => write({name: e.currentTarget.value})} />
            <Select label={<Trans>For the mode</Trans>} description={<Trans>Shown where the site runs in it</Trans>} allowDeselect={false} value={draft.mode} onChange={(value) => write({mode: value ?? ''})} data={[{value: '', label: t`Every mode`}, ...Object.entries(modes).map(([value, label]) => ({value, label}))]} />
          </Group>
          <TextInput label={<Trans>Purpose</Trans>} description={<Trans>In one line; it stands over the text</Trans>} maxLength={200} value={draft.purpose} onChange={(e) => write({purpose: e.currentTarget.value})} />
          <Checkbox.Group label={<Trans>By it people agree to</Trans>} value={draft.scopes} onChange={(value) => write({scopes: value})}>
            <Stack gap={6} mt={4}>{Object.entries(scopes).map(([scope, label]) => <Checkbox key={scope} value={scope} label={label} />)}</Stack>
          </Checkbox.Group>
          <Textarea label={<Trans>Text</Trans>} description={<Trans>Plain words; a blank line begins a new paragraph</Trans>} lang={edited?.language ?? language} autosize minRows={10} maxRows={24} maxLength={10_000} value={draft.text} onChange={(e) => write({text: e.currentTarget.value})} />
          <Group justify="flex-end">
            <Button variant="default" onClick={discard}><Trans>Discard</Trans></Button>
            <Button type="submit" loading={save.isPending} disabled={!ready}>{edited ? <Trans>Use as the next edition</Trans> : <Trans>Save the text</Trans>}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
