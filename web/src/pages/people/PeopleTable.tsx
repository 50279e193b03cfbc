import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Box, Group, Skeleton, Text, VisuallyHidden} from '@mantine/core';
import {useMediaQuery} from '@mantine/hooks';
import {IconBell} from '@tabler/icons-react';
import {Link} from '@tanstack/react-router';
import type {ColumnDef} from '@tanstack/react-table';
import {useMemo} from 'react';
import type {Person, PersonOverview} from '@/api/records';
import {number, relative} from '@/shared/format';
import {DataTable} from '@/shared/ui/DataTable';
import {RiskBadge} from '@/shared/ui/RiskBadge';
import {levelRank} from './search';

interface Props {
  people: readonly Person[];
  /** Undefined while it is asked for. */
  overviews: ReadonlyMap<string, PersonOverview> | undefined;
  named: boolean;
  risk: boolean;
  onShow: (person: Person) => void;
}

export function PeopleTable({people, overviews, named, risk, onShow}: Props) {
  const {t} = useLingui();
  // A phone shows whom and at what risk; the rest stands under the name, or is found by opening it.
  const wide = useMediaQuery('(min-width: 48em)', true);
  const columns = useMemo((): ColumnDef<Person, unknown>[] => {
    const of = (person: Person) => overviews?.get(person.id);
    const waiting = <Skeleton height={12} width={80} />;
    const alerts = (person: Person) => {
      const count = of(person)?.open_alerts ?? 0;
      return count > 0 && <Badge variant="light" color="ember" tt="none" leftSection={<IconBell size={12} aria-hidden />}><VisuallyHidden><Trans>Open alerts:</Trans> </VisuallyHidden>{count}</Badge>;
    };
    const under = (person: Person) => {
      const last = wide ? null : of(person)?.last_session;
      return [person.name && person.pseudonym, last && relative(last)].filter(Boolean).join(' · ');
    };
    const all: (ColumnDef<Person, unknown> | false)[] = [
      {
        id: 'person', header: t`Person`, accessorFn: (person) => (person.name ?? person.pseudonym).toLocaleLowerCase(),
        cell: ({row: {original: person}}) => (
          <Box>
            <Text component={Link} to={`/people/${person.id}`} size="sm" fw={600} c="inherit" td="none" onClick={(event) => event.stopPropagation()}>{person.name ?? person.pseudonym}</Text>
            {under(person) && <Text size="xs" c="dimmed">{under(person)}</Text>}
          </Box>
        ),
      },
      wide && named && {id: 'year', header: t`Born`, accessorFn: (person) => person.birth_year ?? undefined, sortUndefined: 'last', cell: ({row}) => <Text size="sm" className="py-number">{row.original.birth_year ?? '–'}</Text>},
      wide && {
        // The newest first, and those who had none at the end, whichever way.
        id: 'last', header: t`Last session`, sortUndefined: 'last', sortDescFirst: true, accessorFn: (person) => of(person)?.last_session ?? undefined,
        cell: ({row}) => {
          if (!overviews) return waiting;
          const last = of(row.original)?.last_session;
          return <Text size="sm" c={last ? undefined : 'dimmed'}>{last ? relative(last) : <Trans>none yet</Trans>}</Text>;
        },
      },
      (wide || !risk) && {
        id: 'sessions', header: t`Sessions`, sortUndefined: 'last', sortDescFirst: true, accessorFn: (person) => of(person)?.sessions ?? undefined,
        cell: ({row}) => (overviews ? <Text size="sm" className="py-number">{number(of(row.original)?.sessions)}</Text> : waiting),
      },
      risk && {
        id: 'risk', header: wide ? t`Risk, last rated week` : t`Risk`, sortUndefined: 'last', sortDescFirst: true, accessorFn: (person) => levelRank(of(person)?.level),
        cell: ({row}) => {
          if (!overviews) return waiting;
          const level = of(row.original)?.level;
          return (
            <Group gap={6}>
              {level ? <RiskBadge risk={level} /> : <Text size="sm" c="dimmed"><Trans>not enough weeks</Trans></Text>}
              {!wide && named && alerts(row.original)}
            </Group>
          );
        },
      },
      wide && risk && named && {
        id: 'alerts', header: t`Open alerts`, sortUndefined: 'last', sortDescFirst: true, accessorFn: (person) => of(person)?.open_alerts ?? undefined,
        cell: ({row}) => (overviews ? alerts(row.original) || <Text size="sm" c="dimmed">–</Text> : waiting),
      },
    ];
    return all.filter((column) => column !== false);
  }, [t, named, risk, wide, overviews]);
  return <DataTable label={t`People`} rows={people} columns={columns} rowKey={(person) => person.id} onRow={onShow} sorted={[{id: 'person', desc: false}]} maxHeight={680}
    empty={<Text size="sm" c="dimmed" p="md"><Trans>Nobody is found by these words. Fewer letters find more.</Trans></Text>} />;
}
