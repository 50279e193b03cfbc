import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Group, Stack, Text, TextInput} from '@mantine/core';
import {IconHeartHandshake} from '@tabler/icons-react';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import {careQuery, type Care as CareRow} from '@/api/records';
import {useAccount} from '@/app/account';
import {date} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {Failure} from '@/shared/ui/Failure';
import {describe} from '@/shared/ui/problemText';
import {tell, tellFailure} from '@/shared/ui/toasts';
import type {TabProps} from '../PersonRecord';

function Chosen({row, own}: {row: CareRow; own: boolean}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const {account} = useAccount();
  const end = useMutation({
    mutationFn: () => api.DELETE('/api/v1/care/{care}', {params: {path: {care: row.id}}}),
    onSuccess: () => {
      void queryClient.invalidateQueries({queryKey: careQuery(row.person).queryKey});
      tell(<Trans>They see nothing of you any more.</Trans>);
    },
    onError: tellFailure,
  });
  const named = 'account_name' in row && typeof row.account_name === 'string' ? row.account_name : null;
  return (
    <Group component="li" justify="space-between" py="xs" wrap="nowrap" style={{borderTop: '1px solid var(--py-line)'}}>
      <Stack gap={0}>
        <Text size="sm" fw={600}>{row.account === account.id ? <Trans>You</Trans> : named ?? (row.kind === 'study' ? <Trans>A researcher's study</Trans> : <Trans>A clinician</Trans>)}</Text>
        <Text size="xs" c="dimmed">{row.kind === 'study' ? <Trans>study, since {date(row.created)}</Trans> : <Trans>clinician, since {date(row.created)}</Trans>}</Text>
      </Stack>
      {own && (
        <ConfirmButton size="compact-sm" title={t`End this?`} verb={t`End`} onConfirm={async () => { await end.mutateAsync().catch(() => {}); }}
          question={<Trans>They can no longer see anything of you, from now on. You can choose them again later.</Trans>}><Trans>End</Trans></ConfirmButton>
      )}
    </Group>
  );
}

/** Whom the person chose: clinicians, and studies they take part in. Only they themselves choose. */
export function Care({person, own}: TabProps) {
  const queryClient = useQueryClient();
  const {data, error, refetch} = useQuery(careQuery(person.id));
  const [name, setName] = useState('');
  const choose = useMutation({
    mutationFn: () => body(api.POST('/api/v1/people/{person}/care', {params: {path: {person: person.id}, header: {'Idempotency-Key': idempotencyKey()}}, body: {account: name.trim()}})),
    onSuccess: () => {
      setName('');
      void queryClient.invalidateQueries({queryKey: careQuery(person.id).queryKey});
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    choose.mutate();
  };
  return (
    <Card title={own ? <Trans>Who may see my record</Trans> : <Trans>Whom the person chose</Trans>}
      lead={own ? <Trans>The clinicians you chose, and researchers of studies you take part in. Nobody else.</Trans> : <Trans>Only the person themselves can change this.</Trans>}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <Stack component="ul" gap={0} p={0} m={0} style={{listStyle: 'none'}}>{data?.map((row) => <Chosen key={row.id} row={row} own={own} />)}</Stack>
      {data?.length === 0 && <Text size="sm" c="dimmed"><Trans>Nobody is chosen.</Trans></Text>}
      {own && (
        <form onSubmit={submit}>
          {choose.error && <Alert color="red" variant="light" role="alert" mt="sm">{describe(choose.error)}</Alert>}
          <Group mt="md" align="flex-end">
            <TextInput label={<Trans>Account name of a clinician or researcher</Trans>} description={<Trans>They tell you their name in this system.</Trans>} value={name} onChange={(event) => setName(event.currentTarget.value)} maxLength={80} w={{base: '100%', xs: 320}} />
            <Button type="submit" variant="light" leftSection={<IconHeartHandshake size={18} aria-hidden />} loading={choose.isPending} disabled={!name.trim()}><Trans>Choose</Trans></Button>
          </Group>
        </form>
      )}
    </Card>
  );
}
