import {Trans, useLingui} from '@lingui/react/macro';
import {Box, Button, Table, Text} from '@mantine/core';
import {useInfiniteQuery} from '@tanstack/react-query';
import {api, body} from '@/api/client';
import type {AuditEntry, Person} from '@/api/records';
import {useRoleNames} from '@/app/roles';
import {useAccount} from '@/app/account';
import {dateTime} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {Failure} from '@/shared/ui/Failure';
import {useActionNames} from './actionNames';

/** Who read or changed what of this person, from the log that nobody can change. */
export function WhoLooked({person}: {person: Person}) {
  const {t} = useLingui();
  const {account} = useAccount();
  const roles = useRoleNames();
  const actions = useActionNames();
  const {data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage} = useInfiniteQuery({
    queryKey: ['audit', person.id],
    queryFn: ({signal, pageParam}) => body(api.GET('/api/v1/audit', {params: {query: {person: person.id, limit: 50, before: pageParam}}, signal})),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const rows = data?.pages.flatMap((page) => page.rows) ?? [];
  const who = (row: AuditEntry) => (row.actor === account.id ? t`You` : row.role in roles ? roles[row.role as keyof typeof roles] : t`The system`);
  return (
    <Card title={<Trans>Who looked</Trans>} lead={<Trans>Each time somebody read or changed something of you, the newest first. Also what was refused.</Trans>}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <Box style={{overflow: 'auto', maxHeight: 420}} tabIndex={0} role="region" aria-label={t`Who looked`}>
        <Table stickyHeader verticalSpacing={6} fz="sm" aria-label={t`Who looked`}>
          <Table.Thead bg="var(--py-paper)"><Table.Tr><Table.Th><Trans>When</Trans></Table.Th><Table.Th><Trans>Who</Trans></Table.Th><Table.Th><Trans>What</Trans></Table.Th><Table.Th><Trans>Outcome</Trans></Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.number}>
                <Table.Td style={{whiteSpace: 'nowrap'}}>{dateTime(row.at)}</Table.Td>
                <Table.Td>{who(row)}</Table.Td>
                <Table.Td>{actions(row.action)}</Table.Td>
                <Table.Td>{row.outcome === 'allowed' ? <Trans>allowed</Trans> : <Text span size="sm" fw={600}><Trans>refused</Trans></Text>}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Box>
      {hasNextPage && <Button mt="sm" variant="default" size="compact-sm" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}><Trans>Show older</Trans></Button>}
    </Card>
  );
}
