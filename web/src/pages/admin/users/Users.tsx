import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Button, Group, SegmentedControl, Skeleton, Stack, Text, TextInput} from '@mantine/core';
import {IconSearch, IconUserPlus} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import type {ColumnDef} from '@tanstack/react-table';
import {useDeferredValue, useMemo, useState} from 'react';
import {useRoleNames} from '@/app/roles';
import {date} from '@/shared/format';
import {usersQuery, type User} from '@/shared/accounts/users';
import {Card} from '@/shared/ui/Card';
import {DataTable} from '@/shared/ui/DataTable';
import {Failure} from '@/shared/ui/Failure';
import {NewUser} from './NewUser';
import {UserDrawer} from './UserDrawer';

function State({user}: {user: User}) {
  return (
    <Group gap={4}>
      {user.disabled && <Badge size="sm" color="gray" variant="light" tt="none"><Trans>Disabled</Trans></Badge>}
      {user.must_change_password && !user.disabled && user.role !== 'device' && <Badge size="sm" color="ember" variant="light" tt="none"><Trans>One-time password unused</Trans></Badge>}
      {user.has_totp && <Badge size="sm" variant="light" tt="none"><Trans>Authenticator</Trans></Badge>}
      {user.simulated && <Badge size="sm" color="grape" variant="light" tt="none"><Trans>Demo</Trans></Badge>}
    </Group>
  );
}

/** Accounts: who may sign in, as what. */
export function Users({me}: {me: string}) {
  const {t} = useLingui();
  const roles = useRoleNames();
  const users = useQuery(usersQuery);
  const [text, setText] = useState('');
  const [role, setRole] = useState('all');
  const [making, setMaking] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const wanted = useDeferredValue(text.trim().toLowerCase());
  const rows = useMemo(() => (users.data ?? []).filter((user) => (role === 'all' || user.role === role) && (!wanted || `${user.name} ${user.display_name ?? ''}`.toLowerCase().includes(wanted))), [users.data, role, wanted]);
  const columns = useMemo<ColumnDef<User, any>[]>(() => [ // of mixed values, as the library types them
    {id: 'name', header: t`Name`, accessorFn: (user) => user.display_name || user.name, cell: ({row: {original: user}}) => (
      <div><Text size="sm" fw={600}>{user.display_name || user.name}</Text>{user.display_name && <Text size="xs" c="dimmed">{user.name}</Text>}</div>
    )},
    {id: 'role', header: t`Role`, accessorFn: (user) => roles[user.role]},
    {id: 'state', header: t`State`, enableSorting: false, cell: ({row}) => <State user={row.original} />},
    {id: 'created', header: t`Since`, accessorKey: 'created', cell: ({row}) => date(row.original.created)},
  ], [t, roles]);
  const user = users.data?.find((each) => each.id === chosen) ?? null;
  if (users.error) return <Failure error={users.error} retry={users.refetch} />;
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        <Group align="flex-end">
          <TextInput leftSection={<IconSearch size={16} aria-hidden />} aria-label={t`Search accounts`} placeholder={t`Search`} value={text} onChange={(e) => setText(e.currentTarget.value)} />
          <SegmentedControl visibleFrom="sm" aria-label={t`Role`} value={role} onChange={setRole} data={[{value: 'all', label: t`All`}, ...(['administrator', 'clinician', 'researcher', 'organisation_lead', 'participant', 'device'] as const).filter((each) => users.data?.some((one) => one.role === each)).map((each) => ({value: each, label: roles[each]}))]} />
        </Group>
        <Button leftSection={<IconUserPlus size={17} aria-hidden />} onClick={() => setMaking(true)}><Trans>New account</Trans></Button>
      </Group>
      <Card p={0}>
        {users.isPending ? <Skeleton height={240} /> : <DataTable label={t`Accounts`} rows={rows} columns={columns} rowKey={(each) => each.id} onRow={(each) => setChosen(each.id)} sorted={[{id: 'name', desc: false}]} />}
      </Card>
      <NewUser opened={making} onClose={() => setMaking(false)} />
      <UserDrawer user={user} isMe={chosen === me} onClose={() => setChosen(null)} />
    </Stack>
  );
}
