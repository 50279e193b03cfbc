import {Trans} from '@lingui/react/macro';
import {Button, Group, Skeleton, Stack, Text, ThemeIcon} from '@mantine/core';
import {IconHeartbeat} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {bytes, relative} from '@/shared/format';
import {statusQuery} from '@/shared/health/status';
import {Card} from '@/shared/ui/Card';
import {Failure} from '@/shared/ui/Failure';

/** How the server is, in three lines. */
export function Health() {
  const status = useQuery(statusQuery);
  const {data} = status;
  return (
    <Card title={<Trans>Health</Trans>} aside={<Button component={Link} to="/admin/health" size="compact-sm" variant="default"><Trans>More</Trans></Button>}>
      {status.isPending && <Skeleton height={60} />}
      {status.error && <Failure error={status.error} retry={status.refetch} />}
      {data && (
        <Group gap="md" wrap="nowrap" align="flex-start">
          <ThemeIcon variant="light" size={36} radius="xl" aria-hidden><IconHeartbeat size={20} /></ThemeIcon>
          <Stack gap={2}>
            <Text size="sm" fw={600}><Trans>Started {relative(data.started)}</Trans></Text>
            {data.disk && <Text size="sm" c="dimmed"><Trans>{bytes(data.disk.free_bytes)} of {bytes(data.disk.bytes)} free on its disk</Trans></Text>}
            <Text size="sm" c="dimmed">{data.last_backup ? <Trans>Last backup {relative(data.last_backup.made)}</Trans> : <Trans>No backup yet</Trans>}</Text>
          </Stack>
        </Group>
      )}
    </Card>
  );
}
