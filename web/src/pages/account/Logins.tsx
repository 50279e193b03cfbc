import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Button, Group, Skeleton, Stack, Text} from '@mantine/core';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {api, body} from '@/api/client';
import {dateTime, relative} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {Failure} from '@/shared/ui/Failure';
import {tell, tellFailure} from '@/shared/ui/toasts';
import {clientName} from './clientName';

const queryKey = ['my', 'logins'];

/** Where one is signed in; each can be ended. */
export function Logins() {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const logins = useQuery({queryKey, queryFn: () => body(api.GET('/api/v1/me/logins'))});
  const after = {onSuccess: () => queryClient.invalidateQueries({queryKey}), onError: tellFailure};
  const end = useMutation({mutationFn: (login: string) => api.DELETE('/api/v1/me/logins/{login}', {params: {path: {login}}}), ...after});
  const endOthers = async () => {
    try {
      await api.DELETE('/api/v1/me/logins');
      tell(<Trans>You are signed out everywhere but here.</Trans>);
      await queryClient.invalidateQueries({queryKey});
    } catch (problem) {
      tellFailure(problem);
    }
  };
  const rows = logins.data?.rows ?? [];
  return (
    <Card title={<Trans>Where you are signed in</Trans>} lead={<Trans>Something here that is not you? End it, and change your password.</Trans>}
      aside={rows.length > 1 && (
        <ConfirmButton size="compact-sm" title={t`Sign out everywhere else?`} verb={t`Sign out there`} question={<Trans>All other browsers and phones must sign in again. This one stays.</Trans>} onConfirm={endOthers}><Trans>All others</Trans></ConfirmButton>
      )}>
      {logins.isPending && <Skeleton height={80} />}
      {logins.error && <Failure error={logins.error} retry={logins.refetch} />}
      <Stack gap="xs" component="ul" m={0} p={0} style={{listStyle: 'none'}}>
        {rows.map((login) => {
          const name = clientName(login.client) ?? t`Unknown browser`;
          return (
            <Group key={login.id} component="li" justify="space-between" wrap="nowrap" py={4}>
              <div>
                <Group gap="xs"><Text size="sm" fw={600} title={login.client}>{name}</Text>{login.current && <Badge size="sm" variant="light" tt="none"><Trans>This one</Trans></Badge>}</Group>
                <Text size="xs" c="dimmed"><Trans>Since {dateTime(login.created)}, last used {relative(login.seen)}</Trans></Text>
              </div>
              {!login.current && <Button size="compact-sm" variant="default" style={{flexShrink: 0}} loading={end.isPending && end.variables === login.id} onClick={() => end.mutate(login.id)} aria-label={t`End the login of ${name}`}><Trans>End</Trans></Button>}
            </Group>
          );
        })}
      </Stack>
    </Card>
  );
}
