import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Group, Select, Stack, TextInput} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent, type ReactNode} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import type {Role} from '@/app/account';
import {useRoleNames} from '@/app/roles';
import {ShownOnce} from '@/shared/ui/ShownOnce';
import {describe} from '@/shared/ui/problemText';
import {usersQuery, type User} from './users';

const kName = /^[A-Za-z0-9._@+-]{1,80}$/;
const kId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Props {
  roles: readonly Role[];
  /** Chosen to begin with. */
  role: Role;
  aside?: ReactNode;
  onMade?: (user: User) => void;
}

/** An account for somebody, with a one-time password that is shown once. */
export function NewUserForm({roles, role: first, aside, onMade}: Props) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const names = useRoleNames();
  const [name, setName] = useState('');
  const [shown, setShown] = useState('');
  const [role, setRole] = useState<Role>(first);
  const [person, setPerson] = useState('');
  const [key, setKey] = useState(idempotencyKey);
  const [made, setMade] = useState<User | null>(null);
  const about: Record<Role, string> = {
    administrator: t`Runs this site; sees no record of a person.`,
    clinician: t`Holds sessions, and sees the records of people who chose them.`,
    researcher: t`Sees pseudonyms of people in an approved study; trains and judges models.`,
    organisation_lead: t`Sees figures of teams, never of a person.`,
    participant: t`Sees and controls what is about them.`,
    device: t`Sends for one person; signs in by a token only.`,
  };
  const joins = role === 'participant' || role === 'device';
  const make = useMutation({
    mutationFn: () => body(api.POST('/api/v1/users', {
      params: {header: {'Idempotency-Key': key}},
      body: {name: name.trim(), role, ...(shown.trim() ? {display_name: shown.trim()} : {}), ...(joins && person.trim() ? {person: person.trim()} : {})},
    })),
    onSuccess: (user) => {
      setMade(user);
      setName('');
      setShown('');
      setPerson('');
      setKey(idempotencyKey());
      void queryClient.invalidateQueries({queryKey: usersQuery.queryKey});
      onMade?.(user);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  const nameWrong = name.trim() !== '' && !kName.test(name.trim());
  const personWrong = person.trim() !== '' && !kId.test(person.trim());
  return (
    <Stack>
      {made?.one_time_password && (
        <ShownOnce title={<Trans>{made.display_name || made.name} can sign in now</Trans>} heading={`${location.origin} · ${made.name}`} secrets={[made.one_time_password]} onDone={() => setMade(null)}>
          <Trans>This password works once; a password of their own is set with it. Give it by hand or by phone: it is not shown again.</Trans>
        </ShownOnce>
      )}
      {made && !made.one_time_password && <Alert variant="light" role="status"><Trans>The device is there. Open it in the list to make its token.</Trans></Alert>}
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          {make.error && <Alert color="red" variant="light" role="alert">{describe(make.error)}</Alert>}
          <Select label={<Trans>Role</Trans>} description={about[role]} allowDeselect={false} value={role} onChange={(value) => value && setRole(value as Role)} data={roles.map((each) => ({value: each, label: names[each]}))} />
          <TextInput label={<Trans>Name to sign in with</Trans>} description={<Trans>Letters, digits and . _ @ + -</Trans>} autoCapitalize="none" spellCheck={false} autoComplete="off" value={name} onChange={(e) => setName(e.currentTarget.value)} error={nameWrong && <Trans>Only letters without accents, digits and . _ @ + -, no spaces</Trans>} />
          <TextInput label={<Trans>Name to be shown</Trans>} autoComplete="off" maxLength={200} value={shown} onChange={(e) => setShown(e.currentTarget.value)} />
          {joins && (
            <TextInput label={<Trans>Number of the record</Trans>} autoComplete="off" value={person} onChange={(e) => setPerson(e.currentTarget.value)} error={personWrong && <Trans>36 letters and digits with hyphens, as the record's page has it</Trans>}
              description={role === 'participant' ? <Trans>Of a record that their clinician has made already; its page shows it. Left empty, a new record is made.</Trans> : <Trans>Of the person for whom it sends; the record's page shows it.</Trans>} />
          )}
          <Group>
            <Button type="submit" loading={make.isPending} disabled={!kName.test(name.trim()) || personWrong || (role === 'device' && !person.trim())}><Trans>Make the account</Trans></Button>
            {aside}
          </Group>
        </Stack>
      </form>
    </Stack>
  );
}
