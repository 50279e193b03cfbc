import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Button, Code, Group, Skeleton, Stack, Text} from '@mantine/core';
import {IconKey} from '@tabler/icons-react';
import {useQuery, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {api, body} from '@/api/client';
import {allRows} from '@/api/pages';
import type {components} from '@/api/schema';
import type {Role} from '@/app/account';
import {date, relative} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {ShownOnce} from '@/shared/ui/ShownOnce';
import {tell, tellFailure} from '@/shared/ui/toasts';
import {NewToken, useScopeNames} from './NewToken';

type Token = components['schemas']['Token'];
const queryKey = ['my', 'tokens'];

/** For programs that work in one's name. */
export function Tokens({role}: {role: Role}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const names = useScopeNames();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<Token | null>(null);
  const tokens = useQuery({queryKey, queryFn: () => allRows((after) => body(api.GET('/api/v1/me/tokens', {params: {query: {limit: 200, ...after}}})))});
  const revoke = async (token: string) => {
    try {
      await api.DELETE('/api/v1/me/tokens/{token}', {params: {path: {token}}});
      tell(<Trans>The token is revoked.</Trans>);
      await queryClient.invalidateQueries({queryKey});
    } catch (problem) {
      tellFailure(problem);
    }
  };
  const state = (token: Token) => {
    if (token.revoked) return t`Revoked ${date(token.revoked)}`;
    if (token.expires && new Date(token.expires) < new Date()) return t`Expired ${date(token.expires)}`;
    return null;
  };
  const rows = tokens.data ?? [];
  return (
    <Card title={<Trans>Tokens for programs</Trans>} lead={<Trans>A program that works in your name (scripts, the command line) signs in by a token. It may do no more than you may.</Trans>}
      aside={!making && <Button size="compact-sm" variant="default" onClick={() => setMaking(true)}><Trans>New token</Trans></Button>}>
      <Stack gap="sm">
        {made?.secret && (
          <ShownOnce title={<Trans>Token “{made.name}”</Trans>} secrets={[made.secret]} onDone={() => setMade(null)}>
            <Trans>Copy it now into the program that needs it. It is not shown again.</Trans>
          </ShownOnce>
        )}
        {making && (
          <NewToken role={role} onCancel={() => setMaking(false)} onMade={(token) => {
            setMaking(false);
            setMade(token);
            void queryClient.invalidateQueries({queryKey});
          }} />
        )}
        {tokens.isPending && <Skeleton height={60} />}
        {tokens.error && <Failure error={tokens.error} retry={tokens.refetch} />}
        {tokens.data && rows.length === 0 && !making && (
          <EmptyState icon={IconKey} title={<Trans>No tokens</Trans>}><Trans>You need one only if a program works in your name.</Trans></EmptyState>
        )}
        {rows.map((token) => {
          const over = state(token);
          return (
            <Group key={token.id} justify="space-between" wrap="nowrap" align="flex-start">
              <div>
                <Group gap="xs"><Text size="sm" fw={600} td={over ? 'line-through' : undefined}>{token.name}</Text><Code>…{token.tail}</Code></Group>
                <Group gap={4} my={4}>{token.scopes.map((scope) => <Badge key={scope} size="sm" variant="light" color="gray" tt="none">{names[scope].name}</Badge>)}</Group>
                <Text size="xs" c="dimmed">
                  {over ?? (token.expires ? <Trans>Good until {date(token.expires)}</Trans> : <Trans>Without an end</Trans>)} · {token.last_used ? <Trans>last used {relative(token.last_used)}</Trans> : <Trans>never used</Trans>}
                </Text>
              </div>
              {!over && (
                <ConfirmButton size="compact-sm" title={t`Revoke “${token.name}”?`} verb={t`Revoke`} question={<Trans>The program that uses it is shut out at once. This cannot be undone; you can make another.</Trans>} onConfirm={() => revoke(token.id)}><Trans>Revoke</Trans></ConfirmButton>
              )}
            </Group>
          );
        })}
      </Stack>
    </Card>
  );
}
