import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, PasswordInput, Stack, Text, TextInput, Title} from '@mantine/core';
import {useMutation} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {api, body} from '@/api/client';
import type {Account, SignedIn} from '@/app/account';
import {describe} from '@/shared/ui/problemText';

const kShortest = 12;

/** A one-time password is good for one thing: to set another. All logins end with it, so it signs in again. What was just typed is not asked for twice. */
export function NewPassword({account, given, onDone}: {account: Account; given: string; onDone: (signedIn: SignedIn) => void}) {
  const {t} = useLingui();
  const [old, setOld] = useState(given);
  const [fresh, setFresh] = useState('');
  const [again, setAgain] = useState('');
  const change = useMutation({
    mutationFn: async () => {
      await api.POST('/api/v1/me/password', {body: {old, new: fresh}});
      return body(api.POST('/api/v1/login', {body: {name: account.name, password: fresh}}));
    },
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  const differs = again.length > 0 && again !== fresh;
  const tooShort = fresh.length > 0 && fresh.length < kShortest;
  const toggle = {visibilityToggleButtonProps: {'aria-label': t`Show or hide the password`}};
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Title order={1} size="h2"><Trans>Set a password of your own</Trans></Title>
        <Text size="sm" c="dimmed"><Trans>The password that you were given works once. A sentence of a few words is strong and easy to remember.</Trans></Text>
        {change.error && <Alert color="red" variant="light" role="alert">{describe(change.error)}</Alert>}
        <TextInput type="hidden" name="username" autoComplete="username" value={account.name} readOnly style={{display: 'none'}} />
        {!given && <PasswordInput label={<Trans>The password that you were given</Trans>} autoComplete="current-password" value={old} onChange={(e) => setOld(e.currentTarget.value)} {...toggle} autoFocus />}
        <PasswordInput label={<Trans>New password</Trans>} autoComplete="new-password" value={fresh} onChange={(e) => setFresh(e.currentTarget.value)} {...toggle} autoFocus={given !== ''}
          description={<Trans>At least {kShortest} characters</Trans>} error={tooShort && <Trans>Still too short</Trans>} />
        <PasswordInput label={<Trans>New password again</Trans>} autoComplete="new-password" value={again} onChange={(e) => setAgain(e.currentTarget.value)} {...toggle} error={differs && <Trans>The two differ</Trans>} />
        <Button type="submit" loading={change.isPending} disabled={!old || fresh.length < kShortest || fresh !== again}><Trans>Set password and go on</Trans></Button>
      </Stack>
    </form>
  );
}
