import {Trans, useLingui} from '@lingui/react/macro';
import {Button, Text} from '@mantine/core';
import {IconVideo} from '@tabler/icons-react';
import {useInfiniteQuery, useQuery} from '@tanstack/react-query';
import {useCallback, useMemo} from 'react';
import {allSessionsQuery, peopleQuery} from '@/api/records';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {Page} from '@/shared/ui/Page';
import {PageLoading} from '@/shared/ui/PageLoading';
import {SessionTable} from '@/shared/ui/SessionTable';

/** Sessions of everybody whom one may see, the newest first; more as one asks for them. */
export default function SessionsPage() {
  const {t} = useLingui();
  const {data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage} = useInfiniteQuery(allSessionsQuery);
  const people = useQuery(peopleQuery);
  const names = useMemo(() => new Map(people.data?.map((person) => [person.id, person.name ?? person.pseudonym])), [people.data]);
  const nameOf = useCallback((person: string) => names.get(person) ?? '…', [names]);
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows) ?? [], [data]);
  return (
    <Page title={t`Sessions`} lead={<Trans>Open one to see how it went, moment by moment.</Trans>}>
      {error ? <Failure error={error} retry={() => void refetch()} /> : !data ? <PageLoading /> : (
        <Card>
          <SessionTable label={t`Sessions`} sessions={rows} nameOf={nameOf}
            empty={<EmptyState icon={IconVideo} title={<Trans>No session yet</Trans>}><Trans>Sessions that you begin under “Live session”, and check-ins of the people who chose you, appear here.</Trans></EmptyState>} />
          {hasNextPage && <Button mt="sm" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}><Trans>Show older</Trans></Button>}
          {!hasNextPage && rows.length > 0 && <Text size="xs" c="dimmed" mt="xs"><Trans>These are all.</Trans></Text>}
        </Card>
      )}
    </Page>
  );
}
