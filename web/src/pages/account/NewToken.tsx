import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Checkbox, Group, Select, Stack, TextInput} from '@mantine/core';
import {useMutation} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import type {components} from '@/api/schema';
import type {Role} from '@/app/account';
import {describe} from '@/shared/ui/problemText';

type Token = components['schemas']['Token'];
type Scope = components['schemas']['TokenScope'];

export function useScopeNames(): Record<Scope, {name: string; about: string}> {
  const {t} = useLingui();
  return {
    read: {name: t`Read`, about: t`See what you may see.`},
    write: {name: t`Write`, about: t`Change records, notes, keywords and answers.`},
    stream: {name: t`Stream`, about: t`Send pictures live and watch sessions.`},
    observations: {name: t`Observations`, about: t`Send what a device has analysed by itself, without pictures.`},
    batch: {name: t`Batch`, about: t`Have files analysed, and data sets and models worked on.`},
    administer: {name: t`Administer`, about: t`What administrators may do by programs; figures for monitoring.`},
  };
}

const scopesOf = (role: Role): Scope[] => (role === 'administrator' ? ['read', 'write', 'batch', 'administer'] : ['read', 'write', 'stream', 'observations', 'batch']);

export function NewToken({role, onMade, onCancel}: {role: Role; onMade: (token: Token) => void; onCancel: () => void}) {
  const {t} = useLingui();
  const names = useScopeNames();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>(['read']);
  const [days, setDays] = useState<string>('90');
  const [key] = useState(idempotencyKey);
  const make = useMutation({
    mutationFn: () => body(api.POST('/api/v1/me/tokens', {
      params: {header: {'Idempotency-Key': key}},
      body: {name: name.trim(), scopes: scopes as Scope[], ...(days === '0' ? {} : {expires: new Date(Date.now() + Number(days) * 86_400_000).toISOString()})},
    })),
    onSuccess: onMade,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm" p="sm" style={{border: '1px solid var(--py-line)', borderRadius: 8}}>
        {make.error && <Alert color="red" variant="light" role="alert">{describe(make.error)}</Alert>}
        <TextInput label={<Trans>What is it for?</Trans>} placeholder={t`Nightly export`} maxLength={200} value={name} onChange={(e) => setName(e.currentTarget.value)} autoFocus />
        <Checkbox.Group label={<Trans>It may</Trans>} value={scopes} onChange={setScopes}>
          <Stack gap={6} mt={4}>{scopesOf(role).map((scope) => <Checkbox key={scope} value={scope} label={names[scope].name} description={names[scope].about} />)}</Stack>
        </Checkbox.Group>
        <Select label={<Trans>Good for</Trans>} allowDeselect={false} value={days} onChange={(value) => setDays(value ?? '90')}
          data={[{value: '30', label: t`30 days`}, {value: '90', label: t`90 days`}, {value: '365', label: t`A year`}, {value: '0', label: t`Until it is revoked`}]} />
        <Group gap="xs">
          <Button type="submit" loading={make.isPending} disabled={!name.trim() || scopes.length === 0}><Trans>Make the token</Trans></Button>
          <Button variant="default" onClick={onCancel}><Trans>Cancel</Trans></Button>
        </Group>
      </Stack>
    </form>
  );
}
