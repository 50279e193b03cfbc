import {Trans, useLingui} from '@lingui/react/macro';
import {Button, Grid, Stack, Text, Textarea, TextInput} from '@mantine/core';
import {IconDatabase} from '@tabler/icons-react';
import {useInfiniteQuery, useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useNavigate} from '@tanstack/react-router';
import type {ColumnDef} from '@tanstack/react-table';
import {useMemo, type FormEvent} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import {date, number} from '@/shared/format';
import {useJobAccess} from '@/shared/jobs/access';
import {NotForYou} from '@/shared/jobs/NotForYou';
import {useDraft} from '@/shared/ui/useDraft';
import {AnchorLink} from '@/shared/ui/AnchorLink';
import {Card} from '@/shared/ui/Card';
import {DataTable} from '@/shared/ui/DataTable';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {Page} from '@/shared/ui/Page';
import {tellFailure} from '@/shared/ui/toasts';
import {countsQuery, datasetsQuery, type Dataset} from './queries';

function Size({dataset}: {dataset: string}) {
  const {data} = useQuery(countsQuery(dataset));
  return <Text size="sm" className="py-number">{data ? number(data.items) : '…'}</Text>;
}

const empty = {name: '', remarks: ''};

function NewDataset() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [draft, setDraft, clear] = useDraft('dataset', empty);
  const make = useMutation({
    mutationFn: () => body(api.POST('/api/v1/datasets', {params: {header: {'Idempotency-Key': idempotencyKey()}}, body: {name: draft.name.trim(), ...(draft.remarks.trim() ? {remarks: draft.remarks.trim()} : {})}})),
    onSuccess: ({id}) => {
      clear();
      void client.invalidateQueries({queryKey: ['datasets']});
      void navigate({to: '/data/$dataset', params: {dataset: id}});
    },
    onError: tellFailure,
  });
  const submit = (event: FormEvent) => { event.preventDefault(); make.mutate(); };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput label={<Trans>Name</Trans>} value={draft.name} onChange={(e) => setDraft({...draft, name: e.currentTarget.value})} maxLength={200} required withAsterisk={false} />
        <Textarea label={<Trans>Remarks</Trans>} description={<Trans>Where the pictures come from, and what their licence allows.</Trans>} value={draft.remarks} onChange={(e) => setDraft({...draft, remarks: e.currentTarget.value})} autosize minRows={2} />
        <Button type="submit" loading={make.isPending} disabled={!draft.name.trim()} style={{alignSelf: 'flex-start'}}><Trans>Make it</Trans></Button>
      </Stack>
    </form>
  );
}

function Datasets() {
  const {t} = useLingui();
  const list = useInfiniteQuery(datasetsQuery);
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.rows) ?? [], [list.data]);
  const columns = useMemo((): ColumnDef<Dataset, any>[] => [
    {header: t`Data set`, accessorKey: 'name', cell: ({row: {original: one}}) => <Stack gap={0}><AnchorLink to="/data/$dataset" params={{dataset: one.id}} size="sm" fw={600}>{one.name}</AnchorLink>{one.remarks && <Text size="xs" c="dimmed" truncate maw={420}>{one.remarks}</Text>}</Stack>},
    {id: 'size', header: t`Pictures`, enableSorting: false, cell: ({row: {original: one}}) => <Size dataset={one.id} />},
    {header: t`Made`, accessorKey: 'created', cell: ({row: {original: one}}) => <Text size="sm" style={{whiteSpace: 'nowrap'}}>{date(one.created)}</Text>},
  ], [t]);
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} />;
  return (
    <Grid>
      <Grid.Col span={{base: 12, lg: 8}}>
        <Card title={t`Data sets`}>
          <DataTable label={t`Data sets`} rows={rows} columns={columns} rowKey={({id}) => id} empty={(
            <EmptyState icon={IconDatabase} title={<Trans>No data sets yet</Trans>}><Trans>A data set holds labelled pictures: to judge models on, and to teach them. Make one, then drag pictures into it. Pictures that are kept in sessions can join it too.</Trans></EmptyState>
          )} />
        </Card>
      </Grid.Col>
      <Grid.Col span={{base: 12, lg: 4}}><Card title={t`New data set`}><NewDataset /></Card></Grid.Col>
    </Grid>
  );
}

/** Labelled pictures of the site. */
export default function DataPage() {
  const {t} = useLingui();
  const access = useJobAccess();
  return (
    <Page title={t`Data sets`} lead={<Trans>Pictures with labels, to judge models on and to teach them.</Trans>} actions={access.research && <AnchorLink to="/map" size="sm"><Trans>Embedding map</Trans></AnchorLink>}>
      {access.research ? <Datasets /> : <NotForYou why={access.why ?? 'role'} />}
    </Page>
  );
}
