import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Group, Skeleton, Stack, Text, TextInput} from '@mantine/core';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {api, body} from '@/api/client';
import {allRows} from '@/api/pages';
import {TokenRow} from '@/shared/accounts/TokenRow';
import {Failure} from '@/shared/ui/Failure';
import {ShownOnce} from '@/shared/ui/ShownOnce';
import {describe} from '@/shared/ui/problemText';
import {tell, tellFailure} from '@/shared/ui/toasts';
import type {User} from '@/shared/accounts/users';

/** By what a device signs in: what there is, each revoked alone, and new ones, told once. */
export function DeviceTokens({user}: {user: User}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const queryKey = ['users', user.id, 'tokens'];
  const tokens = useQuery({queryKey, queryFn: () => allRows((after) => body(api.GET('/api/v1/users/{user}/tokens', {params: {path: {user: user.id}, query: {limit: 200, ...after}}})))});
  const revoke = async (token: string) => {
    try {
      await api.DELETE('/api/v1/users/{user}/tokens/{token}', {params: {path: {user: user.id, token}}});
      tell(<Trans>The token is revoked.</Trans>);
      await queryClient.invalidateQueries({queryKey});
    } catch (problem) {
      tellFailure(problem);
    }
  };
  const [name, setName] = useState('');
  const make = useMutation({
    mutationFn: () => body(api.POST('/api/v1/users/{user}/tokens', {params: {path: {user: user.id}}, body: {name: name.trim()}})),
    onSuccess: () => {
      setName('');
      void queryClient.invalidateQueries({queryKey});
    },
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
        <Text size="sm" c="dimmed"><Trans>A device signs in by a token. To shut a lost one out, revoke its token; to shut out all that use this account, disable it.</Trans></Text>
        {tokens.isPending && <Skeleton height={40} />}
        {tokens.error && <Failure error={tokens.error} retry={tokens.refetch} />}
        {tokens.data?.map((token) => <TokenRow key={token.id} token={token} onRevoke={() => revoke(token.id)} question={<Trans>The device that uses it is shut out at once. This cannot be undone; you can make another.</Trans>} />)}
        <Group align="flex-end">
          <TextInput flex={1} label={<Trans>Which device is it?</Trans>} placeholder={t`Room 4, beside the door`} maxLength={200} value={name} onChange={(e) => setName(e.currentTarget.value)} />
          <Button type="submit" loading={make.isPending} disabled={!name.trim()}><Trans>Make a token</Trans></Button>
        </Group>
      </Stack>
    </form>
  );
}
