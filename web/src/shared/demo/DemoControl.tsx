import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Group, Progress, Skeleton, Stack, Text} from '@mantine/core';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {api, body} from '@/api/client';
import type {components} from '@/api/schema';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {Failure} from '@/shared/ui/Failure';
import {ShownOnce} from '@/shared/ui/ShownOnce';
import {tell, tellFailure} from '@/shared/ui/toasts';
import {demoQuery} from './demo';

type Accounts = components['schemas']['DemoAccounts']['accounts'];

/** Puts the demo in, tells its accounts once, takes it out. */
export function DemoControl() {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const [accounts, setAccounts] = useState<Accounts | null>(null);
  const demo = useQuery(demoQuery);
  // Nearly everything that is listed anywhere may have changed.
  const anew = () => queryClient.invalidateQueries();
  const add = useMutation({
    mutationFn: () => body(api.POST('/api/v1/demo', {body: {}})),
    onSuccess: (made) => {
      setAccounts(made.accounts);
      void anew();
    },
    onError: tellFailure,
  });
  const remove = async () => {
    try {
      await api.DELETE('/api/v1/demo');
      setAccounts(null);
      tell(<Trans>The demo is gone, with all that was made by its accounts.</Trans>);
      await anew();
    } catch (problem) {
      tellFailure(problem);
    }
  };
  if (demo.isPending) return <Skeleton height={60} />;
  if (demo.error) return <Failure error={demo.error} retry={demo.refetch} />;
  const {state, people, sessions, progress} = demo.data;
  return (
    <Stack gap="sm">
      {accounts && (
        <ShownOnce title={<Trans>Accounts to try with</Trans>} secrets={accounts.map((each) => `${each.name}  ${each.one_time_password}`)} onDone={() => setAccounts(null)}>
          <Trans>One for each role. Sign in with them in a private window: the passwords work once and are not shown again.</Trans>
        </ShownOnce>
      )}
      {state === 'none' && <Group><Button loading={add.isPending} onClick={() => add.mutate()}><Trans>Add demo data</Trans></Button></Group>}
      {state === 'adding' && (
        <div role="status">
          <Text size="sm" mb={6}><Trans>Their sessions are being made. You can go on meanwhile.</Trans></Text>
          <Progress value={(progress ?? 0) * 100} aria-label={t`Demo data being added`} />
        </div>
      )}
      {state === 'ready' && <Text size="sm"><Plural value={people} one="# simulated person" other="# simulated people" />, <Plural value={sessions} one="# session" other="# sessions" /></Text>}
      {state === 'broken' && <Alert color="ember" variant="light"><Trans>Adding the demo was cut off. Remove it, then add it again.</Trans></Alert>}
      {state !== 'none' && (
        <Group>
          <ConfirmButton title={t`Remove the demo?`} verb={t`Remove`} question={<Trans>All simulated people, their sessions and accounts go, with what those accounts made. Nothing else is touched.</Trans>} onConfirm={remove}><Trans>Remove demo data</Trans></ConfirmButton>
        </Group>
      )}
    </Stack>
  );
}
