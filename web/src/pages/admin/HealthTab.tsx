import {Trans} from '@lingui/react/macro';
import {Code, SimpleGrid, Skeleton, Table, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {api, body} from '@/api/client';
import {bytes, duration, number} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {Failure} from '@/shared/ui/Failure';
import {figuresOf} from './figures';

/** How the server is: its own figures, and how its copies are made. */
export function HealthTab() {
  const metrics = useQuery({
    queryKey: ['metrics'],
    refetchInterval: 10_000,
    queryFn: async () => figuresOf(await body(api.GET('/metrics', {parseAs: 'text'}))),
  });
  const models = useQuery({queryKey: ['models'], queryFn: () => body(api.GET('/api/v1/models'))});
  return (
    <SimpleGrid cols={{base: 1, lg: 2}} spacing="md" style={{alignItems: 'start'}}>
      <Card title={<Trans>The server now</Trans>}>
        {metrics.isPending && <Skeleton height={160} />}
        {metrics.error && <Failure error={metrics.error} retry={metrics.refetch} />}
        {metrics.data && (
          <Table fz="sm">
            <Table.Tbody>
              {metrics.data.map(({name, help, value, unit}) => (
                <Table.Tr key={name}>
                  <Table.Td><Text size="sm">{help || name}</Text><Code fz={11}>{name}</Code></Table.Td>
                  <Table.Td ta="end" className="py-number">{unit === 'bytes' ? bytes(value) : unit === 'seconds' ? duration(value) : number(value, Number.isInteger(value) ? 0 : 2)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Card>
      <Card title={<Trans>Models in use</Trans>}>
        {models.isPending && <Skeleton height={80} />}
        {models.error && <Failure error={models.error} retry={models.refetch} />}
        <Table fz="sm">
          <Table.Tbody>
            {models.data?.rows.filter((model) => model.meant_by.length > 0).map((model) => (
              <Table.Tr key={model.reference}><Table.Td>{model.meant_by.join(', ')}</Table.Td><Table.Td><Code>{model.reference}</Code></Table.Td></Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        {models.data && models.data.broken.length > 0 && <Text size="sm" c="red" mt="sm"><Trans>{models.data.broken.length} models cannot be used; the Models page says why.</Trans></Text>}
      </Card>
    </SimpleGrid>
  );
}
