import {Trans} from '@lingui/react/macro';
import {Badge, Button, Skeleton, Stack} from '@mantine/core';
import {IconKey} from '@tabler/icons-react';
import {useQuery, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {api, body} from '@/api/client';
import {allRows} from '@/api/pages';
import type {Role} from '@/app/account';
import {TokenRow, type Token} from '@/shared/accounts/TokenRow';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {ShownOnce} from '@/shared/ui/ShownOnce';
import {tell, tellFailure} from '@/shared/ui/toasts';
import {NewToken, useScopeNames} from './NewToken';

const queryKey = ['my', 'tokens'];

/** For programs that work in one's name. */
export function Tokens({role}: {role: Role}) {
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
        {rows.map((token) => (
          <TokenRow key={token.id} token={token} onRevoke={() => revoke(token.id)} question={<Trans>The program that uses it is shut out at once. This cannot be undone; you can make another.</Trans>}
            scopes={token.scopes.map((scope) => <Badge key={scope} size="sm" variant="light" color="gray" tt="none">{names[scope].name}</Badge>)} />
        ))}
      </Stack>
    </Card>
  );
}
