import {Trans, useLingui} from '@lingui/react/macro';
import {Box, Button, Group, Select, Stack, Text} from '@mantine/core';
import {IconCamera} from '@tabler/icons-react';
import {useInfiniteQuery, useMutation, useQueryClient} from '@tanstack/react-query';
import {api, body} from '@/api/client';
import type {components} from '@/api/schema';
import {emotions, type Emotion} from '@/app/theme';
import {dateTime, percent} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {tellFailure} from '@/shared/ui/toasts';
import {useEmotionNames} from '@/shared/ui/emotions';

type Capture = components['schemas']['Capture'];

function Row({capture}: {capture: Capture}) {
  const {t} = useLingui();
  const names = useEmotionNames();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (label: Emotion) => body(api.PATCH('/api/v1/captures/{capture}', {params: {path: {capture: capture.id}, header: {'If-Match': `"${capture.version}"`}}, body: {label}})),
    onSettled: () => client.invalidateQueries({queryKey: ['captures']}), onError: tellFailure,
  });
  const face = capture.prediction?.faces.find(({valid}) => valid);
  const sure = face?.p && face.label ? face.p[emotions.indexOf(face.label)] : null;
  return (
    <Group gap="md" wrap="nowrap" align="center" component="li">
      <Box component="img" src={`/api/v1/captures/${capture.id}/image`} alt={t`Kept on ${dateTime(capture.at)}`} w={88} h={66} loading="lazy" style={{objectFit: 'cover', borderRadius: 6, background: 'var(--py-line)', flexShrink: 0}} />
      <Stack gap={0} flex={1} miw={0}>
        <Text size="sm">{dateTime(capture.at)}</Text>
        {capture.keyword && <Text size="xs" c="dimmed" truncate>{capture.keyword}</Text>}
        {face?.label && <Text size="xs" c="dimmed"><Trans>The model says {names[face.label]} ({percent(sure)}).</Trans></Text>}
      </Stack>
      <Select size="xs" w={140} aria-label={t`Label`} placeholder={t`No label`} value={capture.label} onChange={(value) => { if (value) change.mutate(value as Emotion); }} data={emotions.map((each) => ({value: each, label: names[each]}))} allowDeselect={false} />
    </Group>
  );
}

/** Pictures of people that were kept in sessions and joined this data set, as long as they agree to it. */
export function Kept({dataset}: {dataset: string}) {
  const {t} = useLingui();
  const list = useInfiniteQuery({
    queryKey: ['captures', 'dataset', dataset],
    initialPageParam: undefined as string | undefined,
    queryFn: ({pageParam, signal}) => body(api.GET('/api/v1/captures', {params: {query: {dataset, limit: 50, after: pageParam}}, signal})),
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} />;
  return (
    <Card title={t`Kept in sessions`} lead={<Trans>Pictures of people of your studies who agreed to keeping pictures and to research. Who withdraws takes theirs away.</Trans>}>
      {rows.length === 0 ? <EmptyState icon={IconCamera} title={<Trans>None yet</Trans>}><Trans>In a live session a still can be kept, relabelled and put into this data set with its keyword.</Trans></EmptyState> : (
        <Stack gap="sm" component="ul" m={0} p={0} style={{listStyle: 'none'}}>{rows.map((capture) => <Row key={capture.id} capture={capture} />)}</Stack>
      )}
      {list.hasNextPage && <Button mt="sm" size="xs" variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}><Trans>More</Trans></Button>}
    </Card>
  );
}
