import {SimpleGrid, Stack} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {api, body} from '@/api/client';
import type {Site} from '@/app/account';
import {Alerts} from './Alerts';
import {Changed} from './Changed';
import {Sessions} from './Sessions';

/** Whom to see today, who may need something, whose weeks went another way. */
export function ClinicianHome({site}: {site: Site}) {
  const sessions = useQuery({
    queryKey: ['sessions', 'newest'],
    refetchInterval: 30_000,
    queryFn: () => body(api.GET('/api/v1/sessions', {params: {query: {limit: 200}}})),
  });
  return (
    <SimpleGrid cols={{base: 1, lg: 2}} spacing="md" style={{alignItems: 'start'}}>
      <Sessions sessions={sessions} site={site} />
      <Stack>
        <Alerts />
        <Changed />
      </Stack>
    </SimpleGrid>
  );
}
