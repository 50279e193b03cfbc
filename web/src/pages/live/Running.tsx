import {Trans} from '@lingui/react/macro';
import {Button, Group, Stack, Text} from '@mantine/core';
import {IconPlayerRecord} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {api, body} from '@/api/client';
import {relative} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {peopleQuery} from '@/api/records';
import {personName} from '@/shared/ui/PersonPicker';

/** Sessions that were begun and not ended: to go on with, to watch, or to end. */
export function Running() {
  const sessions = useQuery({queryKey: ['sessions', 'open'], refetchInterval: 15_000, queryFn: () => body(api.GET('/api/v1/sessions', {params: {query: {state: 'open', limit: 20}}}))});
  const people = useQuery(peopleQuery);
  const rows = sessions.data?.rows ?? [];
  if (rows.length === 0) return null;
  const names = new Map((people.data ?? []).map((person) => [person.id, personName(person)]));
  return (
    <Card title={<Trans>Not ended yet</Trans>} lead={<Trans>Go on with a session, watch it, or end it.</Trans>} mb="lg">
      <Stack gap={4} component="ul" m={0} p={0} style={{listStyle: 'none'}}>
        {rows.map((row) => (
          <Group key={row.id} component="li" justify="space-between" wrap="nowrap">
            <Group gap="xs" wrap="nowrap" miw={0}>
              <IconPlayerRecord size={16} aria-hidden style={{flexShrink: 0}} />
              <Text size="sm" truncate><b>{names.get(row.person) ?? '…'}</b>{row.title ? ` · ${row.title}` : ''} <Text span c="dimmed" size="sm">· {relative(row.started)}</Text></Text>
            </Group>
            <Button component={Link} to={`/live/${row.id}`} size="compact-sm" variant="light"><Trans>Open</Trans></Button>
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
