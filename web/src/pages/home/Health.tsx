import {Trans} from '@lingui/react/macro';
import {Button, Group, Skeleton, Text, ThemeIcon} from '@mantine/core';
import {IconHeartbeat, IconPlugConnectedX} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {Card} from '@/shared/ui/Card';

/** Whether the server and its database answer. */
export function Health() {
  const ready = useQuery({
    queryKey: ['ready'],
    refetchInterval: 30_000,
    retry: false,
    queryFn: async () => (await fetch('/readyz', {cache: 'no-store'})).ok,
  });
  const well = ready.data === true;
  return (
    <Card title={<Trans>Health</Trans>} aside={<Button component={Link} to="/admin/health" size="compact-sm" variant="default"><Trans>More</Trans></Button>}>
      {ready.isPending ? <Skeleton height={30} /> : (
        <Group gap="sm" wrap="nowrap" role="status">
          <ThemeIcon variant="light" color={well ? 'petrol' : 'red'} size={32} radius="xl" aria-hidden>{well ? <IconHeartbeat size={18} /> : <IconPlugConnectedX size={18} />}</ThemeIcon>
          <Text size="sm">{well ? <Trans>The server and its database answer.</Trans> : <Trans>The server or its database does not answer. Look into its log.</Trans>}</Text>
        </Group>
      )}
    </Card>
  );
}
