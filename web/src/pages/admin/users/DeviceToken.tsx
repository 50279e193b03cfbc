import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Group, Stack, Text, TextInput} from '@mantine/core';
import {useMutation} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {api, body} from '@/api/client';
import {ShownOnce} from '@/shared/ui/ShownOnce';
import {describe} from '@/shared/ui/problemText';
import type {User} from '@/shared/accounts/users';

/** By what a device signs in; told once. */
export function DeviceToken({user}: {user: User}) {
  const {t} = useLingui();
  const [name, setName] = useState('');
  const make = useMutation({
    mutationFn: () => body(api.POST('/api/v1/users/{user}/tokens', {params: {path: {user: user.id}}, body: {name: name.trim()}})),
    onSuccess: () => setName(''),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        {make.error && <Alert color="red" variant="light" role="alert">{describe(make.error)}</Alert>}
        {make.data?.secret && (
          <ShownOnce title={<Trans>Token “{make.data.name}”</Trans>} secrets={[make.data.secret]} onDone={() => make.reset()}><Trans>Put it into the device now. It is not shown again.</Trans></ShownOnce>
        )}
        <Text size="sm" c="dimmed"><Trans>A device signs in by a token. To shut a lost device out, disable it.</Trans></Text>
        <Group align="flex-end">
          <TextInput flex={1} label={<Trans>Which device is it?</Trans>} placeholder={t`Room 4, beside the door`} maxLength={200} value={name} onChange={(e) => setName(e.currentTarget.value)} />
          <Button type="submit" loading={make.isPending} disabled={!name.trim()}><Trans>Make a token</Trans></Button>
        </Group>
      </Stack>
    </form>
  );
}
