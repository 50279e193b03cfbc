import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Button, Code, Group, Skeleton, Stack, Switch, Text, TextInput} from '@mantine/core';
import {IconDownload, IconHistory, IconSearch} from '@tabler/icons-react';
import {useInfiniteQuery, useQuery} from '@tanstack/react-query';
import type {ColumnDef} from '@tanstack/react-table';
import {useDeferredValue, useMemo, useState} from 'react';
import {api, body} from '@/api/client';
import type {components} from '@/api/schema';
import {useRoleNames} from '@/app/roles';
import {dateTime, number} from '@/shared/format';
import {usersQuery} from '@/shared/accounts/users';
import {Card} from '@/shared/ui/Card';
import {DataTable} from '@/shared/ui/DataTable';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {csvOf} from './csv';

type Entry = components['schemas']['AuditEntry'];
const kId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Who read or wrote what. It cannot be changed: each entry's hash holds all before it. */
export function Audit() {
  const {t} = useLingui();
  const roles = useRoleNames();
  const users = useQuery(usersQuery);
  const [person, setPerson] = useState('');
  const [text, setText] = useState('');
  const [refused, setRefused] = useState(false);
  const of = kId.test(person.trim()) ? person.trim() : undefined;
  const log = useInfiniteQuery({
    queryKey: ['audit', of ?? 'all'],
    initialPageParam: undefined as number | undefined,
    queryFn: ({pageParam}) => body(api.GET('/api/v1/audit', {params: {query: {limit: 200, ...(of ? {person: of} : {}), ...(pageParam ? {before: pageParam} : {})}}})),
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const accounts = useMemo(() => new Map(users.data?.map((user) => [user.id, user.name])), [users.data]);
  const wanted = useDeferredValue(text.trim().toLowerCase());
  const all = useMemo(() => log.data?.pages.flatMap((page) => page.rows) ?? [], [log.data]);
  const rows = useMemo(() => all.filter((entry) => (!refused || entry.outcome !== 'allowed')
    && (!wanted || `${accounts.get(entry.actor) ?? entry.actor} ${entry.action} ${entry.resource} ${entry.outcome} ${entry.detail}`.toLowerCase().includes(wanted))), [all, refused, wanted, accounts]);
  const columns = useMemo<ColumnDef<Entry, any>[]>(() => [ // of mixed values, as the library types them
    {id: 'number', header: t`No.`, accessorKey: 'number', cell: ({row}) => <Text size="sm" c="dimmed" className="py-number">{row.original.number}</Text>},
    {id: 'at', header: t`When`, accessorKey: 'at', cell: ({row}) => <Text size="sm" style={{whiteSpace: 'nowrap'}}>{dateTime(row.original.at)}</Text>},
    {id: 'who', header: t`Who`, accessorFn: (entry) => accounts.get(entry.actor) ?? entry.actor, cell: ({row: {original: entry}}) => (
      <div><Text size="sm" fw={600}>{accounts.get(entry.actor) ?? entry.actor}</Text>{entry.role in roles && <Text size="xs" c="dimmed">{roles[entry.role as keyof typeof roles]}</Text>}</div>
    )},
    {id: 'action', header: t`What`, accessorKey: 'action', cell: ({row: {original: entry}}) => <div><Text size="sm">{entry.action}</Text><Text size="xs" c="dimmed" style={{overflowWrap: 'anywhere'}}>{entry.resource}</Text></div>},
    {id: 'subject', header: t`About`, accessorKey: 'subject', cell: ({row: {original: entry}}) => (entry.subject
      ? <Button size="compact-xs" variant="subtle" onClick={() => setPerson(entry.subject)} title={t`Only what is about this person`}><Code fz={11}>{entry.subject.slice(0, 8)}</Code></Button> : null)},
    {id: 'outcome', header: t`Outcome`, accessorKey: 'outcome', cell: ({row: {original: entry}}) => <Badge size="sm" variant="light" color={entry.outcome === 'allowed' ? 'gray' : 'ember'} tt="none">{entry.outcome === 'allowed' ? t`allowed` : entry.outcome}</Badge>},
  ], [t, roles, accounts]);
  const save = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([csvOf(rows, (actor) => accounts.get(actor) ?? actor)], {type: 'text/csv'}));
    link.download = 'audit.csv';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const noId = person.trim() !== '' && !of;
  return (
    <Stack>
      <Group align="flex-end" justify="space-between">
        <Group align="flex-end">
          <TextInput label={<Trans>Search</Trans>} leftSection={<IconSearch size={16} aria-hidden />} placeholder={t`Account, action, outcome`} value={text} onChange={(e) => setText(e.currentTarget.value)} />
          <TextInput label={<Trans>About one person</Trans>} placeholder={t`Number of the record`} w={320} maw="100%" spellCheck={false} value={person} onChange={(e) => setPerson(e.currentTarget.value)} error={noId && <Trans>36 letters and digits with hyphens, as the record's page has it</Trans>} />
          <Switch label={<Trans>Only what was refused</Trans>} checked={refused} onChange={(e) => setRefused(e.currentTarget.checked)} mb={8} />
        </Group>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} disabled={rows.length === 0} onClick={save}><Trans>Save as CSV</Trans></Button>
      </Group>
      {log.error && <Failure error={log.error} retry={log.refetch} />}
      <Card p={0}>
        {log.isPending ? <Skeleton height={300} /> : (
          <DataTable label={t`Audit log`} rows={rows} columns={columns} rowKey={(entry) => String(entry.number)} sorted={[{id: 'number', desc: true}]}
            empty={<EmptyState icon={IconHistory} title={<Trans>Nothing of this kind</Trans>}><Trans>Who reads or writes something about a person, signs in, or changes the site leaves an entry here.</Trans></EmptyState>} />
        )}
      </Card>
      <Group justify="space-between">
        <Text size="sm" c="dimmed"><Trans>{number(rows.length)} of {number(all.length)} entries that were fetched</Trans></Text>
        {log.hasNextPage && <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}><Trans>Fetch older ones</Trans></Button>}
      </Group>
    </Stack>
  );
}
