import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Box, Skeleton, Text} from '@mantine/core';
import {IconBell} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import type {ColumnDef} from '@tanstack/react-table';
import {useEffect, useMemo, useState} from 'react';
import {lastSessionQuery, trendQuery, type Person} from '@/api/records';
import {relative} from '@/shared/format';
import {DataTable} from '@/shared/ui/DataTable';
import {RiskBadge} from '@/shared/ui/RiskBadge';
import {levelNow} from './search';

interface Props {
  people: readonly Person[];
  openAlerts: ReadonlyMap<string, number>;
  named: boolean;
  risk: boolean;
  onShow: (person: Person) => void;
}

/** True for a row that stays in sight: one that is only scrolled past asks for nothing. */
function useStays(): boolean {
  const [stays, setStays] = useState(false);
  useEffect(() => {
    const soon = setTimeout(() => setStays(true), 150);
    return () => clearTimeout(soon);
  }, []);
  return stays;
}

function LastSession({person}: {person: string}) {
  const {data, isPending} = useQuery({...lastSessionQuery(person), enabled: useStays()});
  if (isPending) return <Skeleton height={10} width={80} />;
  return <Text size="sm" c={data ? undefined : 'dimmed'}>{data ? relative(data.started) : <Trans>none yet</Trans>}</Text>;
}

function RiskNow({person}: {person: string}) {
  const {data, isPending} = useQuery({...trendQuery(person), enabled: useStays(), retry: false});
  if (isPending) return <Skeleton height={18} width={80} />;
  const level = data ? levelNow(data.weeks) : null;
  return level ? <RiskBadge risk={level} /> : <Text size="sm" c="dimmed"><Trans>not enough weeks</Trans></Text>;
}

export function PeopleTable({people, openAlerts, named, risk, onShow}: Props) {
  const {t} = useLingui();
  const columns = useMemo((): ColumnDef<Person, unknown>[] => {
    const all: (ColumnDef<Person, unknown> | false)[] = [
      {
        id: 'person', header: t`Person`, accessorFn: (person) => (person.name ?? person.pseudonym).toLocaleLowerCase(),
        cell: ({row: {original: person}}) => (
          <Box>
            <Text component={Link} to={`/people/${person.id}`} size="sm" fw={600} c="inherit" td="none" onClick={(event) => event.stopPropagation()}>{person.name ?? person.pseudonym}</Text>
            {person.name && <Text size="xs" c="dimmed">{person.pseudonym}</Text>}
          </Box>
        ),
      },
      named && {id: 'year', header: t`Born`, accessorFn: (person) => person.birth_year ?? undefined, sortUndefined: 'last', cell: ({row}) => <Text size="sm" className="py-number">{row.original.birth_year ?? '–'}</Text>},
      {id: 'last', header: t`Last session`, enableSorting: false, cell: ({row}) => <LastSession person={row.original.id} />},
      risk && {id: 'risk', header: t`Risk, last rated week`, enableSorting: false, cell: ({row}) => <RiskNow person={row.original.id} />},
      risk && named && {
        id: 'alerts', header: t`Open alerts`, accessorFn: (person) => openAlerts.get(person.id) ?? 0, sortDescFirst: true,
        cell: ({getValue}) => {
          const count = getValue() as number;
          return count > 0 ? <Badge variant="light" color="ember" tt="none" leftSection={<IconBell size={12} aria-hidden />}>{count}</Badge> : <Text size="sm" c="dimmed">–</Text>;
        },
      },
    ];
    return all.filter((column) => column !== false);
  }, [t, named, risk, openAlerts]);
  return <DataTable label={t`People`} rows={people} columns={columns} rowKey={(person) => person.id} onRow={onShow} sorted={[{id: 'person', desc: false}]} maxHeight={680}
    empty={<Text size="sm" c="dimmed" p="md"><Trans>Nobody is found by these words. Fewer letters find more.</Trans></Text>} />;
}
