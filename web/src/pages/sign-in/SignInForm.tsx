import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Divider, PasswordInput, Stack, TextInput, Title} from '@mantine/core';
import {useMutation, useQuery} from '@tanstack/react-query';
import {useRef, useState, type FormEvent} from 'react';
import {api, body} from '@/api/client';
import {Problem, slugOf} from '@/api/problem';
import type {SignedIn} from '@/app/account';
import {describe} from '@/shared/ui/problemText';

export function SignInForm({onDone}: {onDone: (signedIn: SignedIn, password: string) => void}) {
  const {t} = useLingui();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [asksCode, setAsksCode] = useState(false);
  const codeInput = useRef<HTMLInputElement>(null);
  const provider = useQuery({
    queryKey: ['oidc'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      try {
        return await body(api.GET('/api/v1/oidc'));
      } catch (problem) {
        if (problem instanceof Problem && problem.status === 404) return null;
        throw problem;
      }
    },
  });
  const welcome = useQuery({queryKey: ['welcome'], staleTime: 60_000, retry: false, queryFn: () => body(api.GET('/api/v1/welcome'))});
  const signIn = useMutation({
    mutationFn: () => body(api.POST('/api/v1/login', {body: {name: name.trim(), password, ...(code ? {code: code.replace(/\s/g, '')} : {})}})),
    onSuccess: (signedIn) => onDone(signedIn, password),
    onError: (problem) => {
      if (slugOf(problem) === 'code-needed') {
        setAsksCode(true);
        setTimeout(() => codeInput.current?.focus());
      }
    },
  });
  const toProvider = useMutation({
    mutationFn: () => body(api.POST('/api/v1/oidc/start')),
    onSuccess: ({address}) => location.assign(address),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  const failure = signIn.error ?? toProvider.error;
  const onlyCode = slugOf(signIn.error) === 'code-needed' && !code;
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Title order={1} size="h2"><Trans>Sign in</Trans></Title>
        {welcome.data?.waits_for_administrator && (
          <Alert variant="light" role="note" title={<Trans>A new site</Trans>}><Trans>Its first administrator's name and one-time password were printed where the server was started: in the terminal, or in its log.</Trans></Alert>
        )}
        {failure && !onlyCode && <Alert color="red" variant="light" role="alert">{describe(failure)}</Alert>}
        <TextInput label={<Trans>Name</Trans>} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required withAsterisk={false} value={name} onChange={(e) => setName(e.currentTarget.value)} autoFocus />
        <PasswordInput label={<Trans>Password</Trans>} name="password" autoComplete="current-password" required withAsterisk={false} value={password} onChange={(e) => setPassword(e.currentTarget.value)}
          visibilityToggleButtonProps={{'aria-label': t`Show or hide the password`}} />
        {asksCode && (
          <TextInput ref={codeInput} label={<Trans>Code</Trans>} description={<Trans>From your authenticator, or one of your recovery codes.</Trans>} inputMode="numeric" autoComplete="one-time-code" value={code} onChange={(e) => setCode(e.currentTarget.value)} />
        )}
        <Button type="submit" loading={signIn.isPending} disabled={!name.trim() || !password}><Trans>Sign in</Trans></Button>
        {provider.data && (
          <>
            <Divider label={<Trans>or</Trans>} />
            <Button variant="default" loading={toProvider.isPending} onClick={() => toProvider.mutate()}>{provider.data.label}</Button>
          </>
        )}
      </Stack>
    </form>
  );
}
