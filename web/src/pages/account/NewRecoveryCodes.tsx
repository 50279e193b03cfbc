import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Group, Modal, PasswordInput, Stack, Text, TextInput} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {api, body} from '@/api/client';
import {meQuery} from '@/app/account';
import {describe} from '@/shared/ui/problemText';

/** Ten new codes instead of those that are left; asks for password and code again. */
export function NewRecoveryCodes({onCodes}: {onCodes: (codes: string[]) => void}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const close = () => { setOpen(false); setPassword(''); setCode(''); };
  const renew = useMutation({
    mutationFn: () => body(api.POST('/api/v1/me/recovery-codes', {body: {code: code.replace(/\s/g, ''), ...(password ? {password} : {})}})),
    onSuccess: ({recovery_codes}) => {
      close();
      onCodes(recovery_codes);
      void queryClient.invalidateQueries(meQuery);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    renew.mutate();
  };
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}><Trans>New recovery codes</Trans></Button>
      <Modal opened={open} onClose={close} title={t`New recovery codes`} centered>
        <form onSubmit={submit} noValidate>
          <Stack>
            <Text size="sm"><Trans>Ten new codes take the place of those that you have. To be sure that it is you:</Trans></Text>
            {renew.error && <Alert color="red" variant="light" role="alert">{describe(renew.error)}</Alert>}
            <PasswordInput label={<Trans>Password</Trans>} autoComplete="current-password" value={password} onChange={(e) => setPassword(e.currentTarget.value)} visibilityToggleButtonProps={{'aria-label': t`Show or hide the password`}} data-autofocus />
            <TextInput label={<Trans>Code</Trans>} description={<Trans>From your authenticator, or one of your recovery codes.</Trans>} autoComplete="one-time-code" value={code} onChange={(e) => setCode(e.currentTarget.value)} />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}><Trans>Cancel</Trans></Button>
              <Button type="submit" loading={renew.isPending} disabled={code.trim().length < 6}><Trans>Make new codes</Trans></Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
