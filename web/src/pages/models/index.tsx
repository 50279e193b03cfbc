import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Badge, Group, Stack, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {useSearch} from '@tanstack/react-router';
import type {ColumnDef} from '@tanstack/react-table';
import {useMemo} from 'react';
import {useAccount} from '@/app/account';
import {dateTime} from '@/shared/format';
import {modelsQuery, type Model} from '@/shared/jobs/useModels';
import {AnchorLink} from '@/shared/ui/AnchorLink';
import {Card} from '@/shared/ui/Card';
import {DataTable} from '@/shared/ui/DataTable';
import {Failure} from '@/shared/ui/Failure';
import {Page} from '@/shared/ui/Page';
import {PageLoading} from '@/shared/ui/PageLoading';
import {useOrigins} from './origins';
import {TakeIn} from './TakeIn';

function Registry({rows}: {rows: readonly Model[]}) {
  const {t} = useLingui();
  const origins = useOrigins();
  const columns = useMemo((): ColumnDef<Model, any>[] => [
    {header: t`Model`, accessorKey: 'reference', cell: ({row: {original: model}}) => <AnchorLink to="/models/$model" params={{model: model.reference}} size="sm" fw={600}>{model.reference}</AnchorLink>},
    {header: t`Used as`, accessorFn: ({meant_by}) => meant_by.join(), cell: ({row: {original: model}}) => <Group gap={4}>{model.meant_by.map((name) => <Badge key={name} variant="light" tt="none" radius="sm">{name}</Badge>)}</Group>},
    {header: t`From`, accessorKey: 'origin', cell: ({row: {original: model}}) => (
      <Stack gap={0}><Text size="sm">{origins[model.origin]}</Text>{model.created && <Text size="xs" c="dimmed">{dateTime(model.created)}</Text>}{model.parent && <Text size="xs" c="dimmed"><Trans>of {model.parent}</Trans></Text>}</Stack>
    )},
    {header: t`Licence`, accessorKey: 'licence', cell: ({row: {original: model}}) => <Text size="sm">{model.licence}</Text>},
  ], [t, origins]);
  // What reads faces, then what was made here, before the parts that it stands on.
  const rank = (model: Model) => (model.meant_by.includes('expression') ? 0 : model.name === 'expression' || model.origin === 'added' ? 1 : model.origin === 'shipped' ? 2 : 3);
  const first = useMemo(() => [...rows].sort((a, b) => rank(a) - rank(b)), [rows]);
  return <DataTable label={t`Models`} rows={first} columns={columns} rowKey={({reference}) => reference} />;
}

/** Every model there is, and which is in use. */
export default function ModelsPage() {
  const {t} = useLingui();
  const {account} = useAccount();
  const {job} = useSearch({strict: false}) as {job?: string};
  const {data, error, refetch} = useQuery(modelsQuery);
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <PageLoading />;
  const used = data.rows.find(({meant_by}) => meant_by.includes('expression'));
  return (
    <Page title={t`Models`} lead={used ? <Trans>Expressions are read by <strong>{used.reference}</strong>. Versions stay, so that every figure can be traced to the model that gave it.</Trans> : undefined}>
      <Stack>
        {data.broken.length > 0 && (
          <Alert variant="light" color="red" role="alert" title={<Trans>Models whose record cannot be used</Trans>}>
            {(data.broken as {reference: string; error: string}[]).map((one) => <Text size="sm" key={one.reference}>{one.reference}: {one.error}</Text>)}
          </Alert>
        )}
        {account.role === 'administrator' && <TakeIn key={job ?? ''} job={job ?? ''} />}
        <Card title={t`Registry`}><Registry rows={data.rows} /></Card>
      </Stack>
    </Page>
  );
}
