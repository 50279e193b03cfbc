import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Text} from '@mantine/core';
import {Link, useNavigate} from '@tanstack/react-router';
import type {ColumnDef} from '@tanstack/react-table';
import {useMemo, type ReactNode} from 'react';
import {mainFace, type Session} from '@/api/records';
import {showsExpressions, useAccount} from '@/app/account';
import {dateTime, duration, number, percent} from '@/shared/format';
import {DataTable} from './DataTable';
import {NotADiagnosis} from './NotADiagnosis';

interface Props {
  label: string;
  sessions: readonly Session[];
  empty: ReactNode;
  /** Whose each is, where they are of several people. */
  nameOf?: (person: string) => string;
}

const seconds = (session: Session) => (session.ended ? (Date.parse(session.ended) - Date.parse(session.started)) / 1000 : null);

/** Sessions with what they say in one line each; opens the review. */
export function SessionTable({label, sessions, empty, nameOf}: Props) {
  const {t} = useLingui();
  const navigate = useNavigate();
  const {site} = useAccount();
  const expressions = showsExpressions(site);
  const columns = useMemo((): ColumnDef<Session, unknown>[] => {
    const all: (ColumnDef<Session, unknown> | false)[] = [
      {
        id: 'started', header: t`Begun`, accessorFn: (session) => Date.parse(session.started), sortDescFirst: true,
        cell: ({row: {original}}) => <Text component={Link} to={`/sessions/${original.id}`} size="sm" fw={600} c="inherit" td="none" onClick={(event) => event.stopPropagation()}>{dateTime(original.started)}</Text>,
      },
      nameOf !== undefined && {id: 'who', header: t`Person`, accessorFn: (session) => nameOf(session.person), cell: ({getValue}) => <Text size="sm">{getValue() as string}</Text>},
      {id: 'title', header: t`Title`, accessorFn: (session) => session.title ?? '', cell: ({getValue}) => <Text size="sm" truncate maw={260}>{(getValue() as string) || '–'}</Text>},
      {
        id: 'length', header: t`Length`, accessorFn: (session) => seconds(session) ?? -1,
        cell: ({row: {original}}) => (original.state === 'open' ? <Badge variant="light" tt="none"><Trans>running</Trans></Badge> : <Text size="sm" className="py-number">{duration(seconds(original) ?? 0)}</Text>),
      },
      expressions && {id: 'index', header: t`Index`, accessorFn: (session) => mainFace(session)?.index ?? -1, cell: ({row}) => <Text size="sm" className="py-number">{number(mainFace(row.original)?.index)}</Text>},
      {id: 'perclos', header: t`PERCLOS`, accessorFn: (session) => mainFace(session)?.perclos ?? -1, cell: ({row}) => <Text size="sm" className="py-number">{percent(mainFace(row.original)?.perclos, 1)}</Text>},
      {
        id: 'readable', header: t`Readable`, accessorFn: (session) => session.summary?.people[0]?.frames ?? -1,
        cell: ({row: {original}}) => {
          const faces = original.summary?.people ?? [];
          const best = faces.reduce((most, face) => (most && most.valid_frames >= face.valid_frames ? most : face), faces[0]);
          return <Text size="sm" className="py-number">{best ? percent(best.valid_frames / Math.max(1, best.frames)) : '–'}</Text>;
        },
      },
    ];
    return all.filter((column) => column !== false);
  }, [t, expressions, nameOf]);
  return (
    <>
      <DataTable label={label} rows={sessions} columns={columns} rowKey={(session) => session.id} sorted={[{id: 'started', desc: true}]} empty={empty}
        onRow={(session) => void navigate({to: '/sessions/$session', params: {session: session.id}, search: {}})} />
      {expressions && sessions.length > 0 && <NotADiagnosis model={sessions.find((session) => session.model)?.model} />}
    </>
  );
}
