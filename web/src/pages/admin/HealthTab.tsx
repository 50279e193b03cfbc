import {Trans, useLingui} from '@lingui/react/macro';
import {Code, Group, Progress, SimpleGrid, Skeleton, Stack, Table, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import type {ReactNode} from 'react';
import {api, body} from '@/api/client';
import {bytes, dateTime, number, relative} from '@/shared/format';
import {statusQuery} from '@/shared/health/status';
import {Card} from '@/shared/ui/Card';
import {Failure} from '@/shared/ui/Failure';

/** How the server is, of itself; nothing of anybody. */
export function HealthTab() {
  const {t} = useLingui();
  const status = useQuery({...statusQuery, refetchInterval: 5000});
  const models = useQuery({queryKey: ['models'], queryFn: () => body(api.GET('/api/v1/models'))});
  if (status.error) return <Failure error={status.error} retry={status.refetch} />;
  if (!status.data) return <Skeleton height={260} />;
  const {version, started, disk, database, live, jobs, connections, last_backup} = status.data;
  const used = disk ? 1 - disk.free_bytes / disk.bytes : 0;
  const rows: [string, ReactNode][] = [
    [t`Version`, <Code key="v">{version}</Code>],
    [t`Running since`, `${dateTime(started)} (${relative(started)})`],
    [t`Database`, `${database.kind === 'sqlite' ? t`encrypted file` : 'PostgreSQL'}${database.bytes === null ? '' : ` · ${bytes(database.bytes)}`}`],
    [t`Live sessions`, live ? t`${number(live.sessions)} of at most ${number(live.most)}` : t`not on this server`],
    [t`Jobs`, t`${number(jobs.running)} running, ${number(jobs.queued)} waiting, ${number(jobs.workers)} workers`],
    [t`Connections`, number(connections)],
    [t`Last backup`, last_backup ? dateTime(last_backup.made) : t`none yet`],
  ];
  const broken = models.data?.broken.length ?? 0;
  return (
    <SimpleGrid cols={{base: 1, lg: 2}} spacing="md" style={{alignItems: 'start'}}>
      <Card title={<Trans>The server now</Trans>}>
        <Table fz="sm" aria-label={t`The server now`}>
          <Table.Tbody>{rows.map(([name, value]) => <Table.Tr key={name}><Table.Th scope="row" fw={500}>{name}</Table.Th><Table.Td className="py-number">{value}</Table.Td></Table.Tr>)}</Table.Tbody>
        </Table>
      </Card>
      <Stack>
        {disk && (
          <Card title={<Trans>Disk</Trans>}>
            <Progress value={used * 100} color={used > 0.9 ? 'red' : 'petrol'} size="lg" aria-label={t`How full the disk is`} />
            <Text size="sm" c="dimmed" mt="xs"><Trans>{bytes(disk.free_bytes)} of {bytes(disk.bytes)} free on its disk</Trans></Text>
          </Card>
        )}
        <Card title={<Trans>Models in use</Trans>}>
          {models.isPending && <Skeleton height={80} />}
          {models.error && <Failure error={models.error} retry={models.refetch} />}
          <Stack gap={6}>
            {models.data?.rows.filter((model) => model.meant_by.length > 0).map((model) => (
              <Group key={model.reference} justify="space-between" wrap="nowrap"><Text size="sm">{model.meant_by.join(', ')}</Text><Code style={{overflow: 'visible', overflowWrap: 'anywhere'}}>{model.reference}</Code></Group>
            ))}
          </Stack>
          {broken > 0 && <Text size="sm" mt="sm"><Trans>Models that cannot be used: {broken}. The Models page says why.</Trans></Text>}
        </Card>
      </Stack>
    </SimpleGrid>
  );
}
