import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Alert, Badge, Button, Code, Group, Stack, Text, TextInput} from '@mantine/core';
import {IconShieldCheck, IconShieldOff} from '@tabler/icons-react';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {api, body} from '@/api/client';
import {meQuery, type Account} from '@/app/account';
import {Card} from '@/shared/ui/Card';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {ShownOnce} from '@/shared/ui/ShownOnce';
import {describe} from '@/shared/ui/problemText';
import {tell, tellFailure} from '@/shared/ui/toasts';
import {NewRecoveryCodes} from './NewRecoveryCodes';

/** The QR code as a picture of its own: nothing in it can run or reach anything. */
export function QrCode({svg, label}: {svg: string; label: string}) {
  return <img src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`} alt={label} width={200} height={200} style={{background: '#fff', padding: 8, borderRadius: 8}} />;
}

/** A second step at sign-in: a code from an authenticator, with recovery codes for the day on which it is lost. */
export function Authenticator({account}: {account: Account}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const [code, setCode] = useState('');
  const [codes, setCodes] = useState<string[] | null>(null);
  const begin = useMutation({mutationFn: () => body(api.POST('/api/v1/me/totp')), onError: tellFailure});
  const confirm = useMutation({
    mutationFn: () => body(api.PUT('/api/v1/me/totp', {body: {code}})),
    onSuccess: ({recovery_codes}) => {
      setCodes(recovery_codes);
      setCode('');
      begin.reset();
      void queryClient.invalidateQueries(meQuery);
    },
  });
  const remove = async () => {
    try {
      await api.DELETE('/api/v1/me/totp');
      tell(<Trans>You sign in by your password alone now.</Trans>);
      await queryClient.invalidateQueries(meQuery);
    } catch (problem) {
      tellFailure(problem);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate();
  };
  const left = account.recovery_codes_left ?? 0;
  const state = account.has_totp
    ? <Badge variant="light" tt="none" leftSection={<IconShieldCheck size={13} aria-hidden />}><Trans>On</Trans></Badge>
    : <Badge variant="light" color="gray" tt="none" leftSection={<IconShieldOff size={13} aria-hidden />}><Trans>Off</Trans></Badge>;
  return (
    <Card title={<Trans>Authenticator</Trans>} aside={state} lead={<Trans>A code from an app on your phone, asked for after the password. Whoever learns your password still does not get in.</Trans>}>
      {codes && (
        <ShownOnce title={<Trans>Your recovery codes</Trans>} secrets={codes} heading={`Pyrometer · ${account.name}`} onDone={() => setCodes(null)}>
          <Trans>Each of them gets you in once when your phone is not at hand. Keep them on paper or in a password manager: they are not shown again.</Trans>
        </ShownOnce>
      )}
      {!codes && begin.data && (
        <form onSubmit={submit} noValidate>
          <Group align="flex-start" gap="lg">
            <QrCode svg={begin.data.qr_svg} label={t`QR code for your authenticator`} />
            <Stack gap="sm" flex={1} miw={220}>
              <Text size="sm"><Trans>Scan this with your authenticator, or type this secret into it:</Trans></Text>
              <Code style={{overflowWrap: 'anywhere', userSelect: 'all'}}>{begin.data.secret}</Code>
              {confirm.error && <Alert color="red" variant="light" role="alert">{describe(confirm.error)}</Alert>}
              <TextInput label={<Trans>The six digits that it shows now</Trans>} inputMode="numeric" autoComplete="one-time-code" value={code} onChange={(e) => setCode(e.currentTarget.value.replace(/\D/g, '').slice(0, 6))} autoFocus />
              <Group gap="xs">
                <Button type="submit" loading={confirm.isPending} disabled={code.length !== 6}><Trans>Switch on</Trans></Button>
                <Button variant="default" onClick={() => begin.reset()}><Trans>Not now</Trans></Button>
              </Group>
            </Stack>
          </Group>
        </form>
      )}
      {!codes && !begin.data && !account.has_totp && <Button loading={begin.isPending} onClick={() => begin.mutate()}><Trans>Set up</Trans></Button>}
      {!codes && account.has_totp && (
        <Stack gap="sm">
          <Text size="sm" c={left < 3 ? undefined : 'dimmed'} fw={left < 3 ? 600 : undefined}><Plural value={left} _0="No recovery code is left." one="# recovery code is left." other="# recovery codes are left." /></Text>
          <Group gap="xs" align="flex-start">
            <NewRecoveryCodes onCodes={setCodes} />
            <ConfirmButton title={t`Switch the authenticator off?`} verb={t`Switch off`} question={<Trans>After this, your password alone is enough to sign in. The recovery codes end too.</Trans>} onConfirm={remove}><Trans>Switch off</Trans></ConfirmButton>
          </Group>
        </Stack>
      )}
    </Card>
  );
}
