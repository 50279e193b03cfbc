import {Trans, useLingui} from '@lingui/react/macro';
import {Box, Button, Progress, Stack, Text} from '@mantine/core';
import {useInfiniteQuery} from '@tanstack/react-query';
import type {ColumnDef} from '@tanstack/react-table';
import {useMemo, type ReactNode} from 'react';
import {dateTime, percent, relative} from '@/shared/format';
import {AnchorLink} from '@/shared/ui/AnchorLink';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {DataTable} from '@/shared/ui/DataTable';
import {Failure} from '@/shared/ui/Failure';
import {PageLoading} from '@/shared/ui/PageLoading';
import {isOver, jobsQuery, useJobDeeds, type Job, type JobKind} from './jobs';
import {JobStateBadge} from './JobStateBadge';
import {useJobLine, useKindNames} from './useJobNames';

interface Props {
  kinds: readonly JobKind[];
  to: '/batch/$job' | '/training/$job' | '/studies/$job';
  empty: ReactNode;
  /** Beside what every list of jobs has. */
  more?: ColumnDef<Job, any>[]; // of mixed values, as the library types them
}

/** One's own jobs of some kinds, to be opened, ended, removed. */
export function JobTable({kinds, to, empty, more}: Props) {
  const {t} = useLingui();
  const kindNames = useKindNames(), line = useJobLine();
  const {cancel, remove} = useJobDeeds();
  const list = useInfiniteQuery(jobsQuery);
  const rows = useMemo(() => (list.data?.pages ?? []).flatMap((page) => page.rows).filter(({kind}) => kinds.includes(kind)), [list.data, kinds]);
  const columns = useMemo((): ColumnDef<Job, any>[] => [
    {header: t`Job`, accessorFn: (job) => kindNames[job.kind], cell: ({row: {original: job}}) => (
      <Stack gap={0}><AnchorLink to={to} params={{job: job.id}} size="sm" fw={600}>{kindNames[job.kind]}</AnchorLink><Text size="xs" c="dimmed" truncate maw={280}>{line(job)}</Text></Stack>
    )},
    {header: t`Asked for`, accessorKey: 'created', cell: ({row: {original: job}}) => <Text size="sm" title={dateTime(job.created)} style={{whiteSpace: 'nowrap'}}>{relative(job.created)}</Text>},
    {header: t`State`, accessorKey: 'state', cell: ({row: {original: job}}) => (
      <Stack gap={4}><Box><JobStateBadge job={job} /></Box>{job.state === 'running' && <Progress value={job.progress * 100} size="xs" w={110} aria-label={t`Progress ${percent(job.progress)}`} />}</Stack>
    )},
    ...(more ?? []),
    {id: 'deeds', header: '', enableSorting: false, cell: ({row: {original: job}}) => (isOver(job) ? (
      <ConfirmButton size="compact-sm" variant="subtle" color="gray" title={t`Remove this job?`} verb={t`Remove`} question={<Trans>Its results go with it. This cannot be undone.</Trans>} onConfirm={async () => { await remove.mutateAsync(job.id).catch(() => undefined); }}><Trans>Remove</Trans></ConfirmButton>
    ) : (
      <ConfirmButton size="compact-sm" variant="subtle" color="gray" title={t`Cancel this job?`} verb={t`Cancel the job`} question={<Trans>Nothing of it is kept.</Trans>} onConfirm={async () => { await cancel.mutateAsync(job.id).catch(() => undefined); }}><Trans>Cancel</Trans></ConfirmButton>
    ))},
  ], [t, kindNames, line, to, more, cancel, remove]);
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <PageLoading />;
  return (
    <Stack>
      <DataTable label={t`Jobs`} rows={rows} columns={columns} rowKey={({id}) => id} empty={empty} />
      {list.hasNextPage && <Button variant="default" size="xs" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}><Trans>Older jobs</Trans></Button>}
    </Stack>
  );
}
