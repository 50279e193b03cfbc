import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Group, PasswordInput, Stack} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {api, body, rememberCsrf} from '@/api/client';
import {slugOf} from '@/api/problem';
import {meQuery} from '@/app/account';
import {Card} from '@/shared/ui/Card';
import {describe} from '@/shared/ui/problemText';
import {tell} from '@/shared/ui/toasts';

const kShortest = 12;

/** All logins end with a new password, so it signs in again here; where a code is asked for, the sign-in page does that. */
export function Password({name}: {name: string}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [again, setAgain] = useState('');
  const change = useMutation({
    mutationFn: async () => {
      await api.POST('/api/v1/me/password', {body: {old, new: fresh}});
      try {
        return await body(api.POST('/api/v1/login', {body: {name, password: fresh}}));
      } catch (problem) {
        if (slugOf(problem) === 'code-needed') return null;
        throw problem;
      }
    },
    onSuccess: (signedIn) => {
      setOld('');
      setFresh('');
      setAgain('');
      if (!signedIn) return location.assign('/sign-in?back=/account');
      rememberCsrf(signedIn.csrf_token);
      queryClient.setQueryData(meQuery.queryKey, signedIn);
      void queryClient.invalidateQueries({queryKey: ['my', 'logins']});
      tell(<Trans>Your password is changed. Everywhere else you are signed out.</Trans>);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  const toggle = {visibilityToggleButtonProps: {'aria-label': t`Show or hide the password`}};
  return (
    <Card title={<Trans>Password</Trans>} lead={<Trans>A sentence of a few words is strong and easy to remember. A change signs you out everywhere else.</Trans>}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          {change.error && <Alert color="red" variant="light" role="alert">{describe(change.error)}</Alert>}
          <input type="hidden" name="username" autoComplete="username" value={name} readOnly />
          <PasswordInput label={<Trans>Password now</Trans>} autoComplete="current-password" value={old} onChange={(e) => setOld(e.currentTarget.value)} {...toggle} />
          <PasswordInput label={<Trans>New password</Trans>} description={<Trans>At least {kShortest} characters</Trans>} autoComplete="new-password" value={fresh} onChange={(e) => setFresh(e.currentTarget.value)} {...toggle}
            error={fresh.length > 0 && fresh.length < kShortest && <Trans>Still too short</Trans>} />
          <PasswordInput label={<Trans>New password again</Trans>} autoComplete="new-password" value={again} onChange={(e) => setAgain(e.currentTarget.value)} {...toggle} error={again.length > 0 && again !== fresh && <Trans>The two differ</Trans>} />
          <Group><Button type="submit" loading={change.isPending} disabled={!old || fresh.length < kShortest || fresh !== again}><Trans>Change password</Trans></Button></Group>
        </Stack>
      </form>
    </Card>
  );
}
