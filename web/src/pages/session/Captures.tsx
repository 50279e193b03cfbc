import {Trans, useLingui} from '@lingui/react/macro';
import {Anchor, Box, Button, Group, Image, Loader, SimpleGrid, Stack, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {api, body} from '@/api/client';
import {allRows} from '@/api/pages';
import type {Session} from '@/api/records';
import type {components} from '@/api/schema';
import {timeWithSeconds} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {useEmotionNames} from '@/shared/ui/emotions';
import {useLine} from './context';
import {Explained} from './Explained';
import {useJob} from './useJob';

type Capture = components['schemas']['Capture'];

const capturesQuery = (session: string) => ({
  queryKey: ['captures', {session}] as const,
  retry: false,
  queryFn: () => allRows<Capture>(({after}) => body(api.GET('/api/v1/captures', {params: {query: {session, limit: 200, after}}})), 1000),
});

function One({capture}: {capture: Capture}) {
  const {t} = useLingui();
  const names = useEmotionNames();
  const {frames, window, playhead} = useLine();
  const {start, starting, job} = useJob();
  const face = capture.prediction?.faces.find(({valid}) => valid);
  const running = starting || job?.state === 'queued' || job?.state === 'running';
  const label = capture.label ?? face?.label ?? null;
  return (
    <Stack gap={6}>
      <Image src={`/api/v1/captures/${capture.id}/image`} alt={label ? t`Picture at ${timeWithSeconds(capture.at)}, ${names[label]}` : t`Picture at ${timeWithSeconds(capture.at)}`} radius="sm" mah={180} fit="contain" />
      <Group justify="space-between" gap="xs">
        <Anchor component="button" type="button" size="sm" onClick={() => { const at = frames.secondsAt(capture.at); playhead.set(at); window.show(at); }}>{timeWithSeconds(capture.at)}</Anchor>
        <Text size="sm">{label ? names[label] : '–'}{capture.keyword ? ` · ${capture.keyword}` : ''}</Text>
      </Group>
      {!job && !running && <Button size="compact-sm" variant="light" onClick={() => start({kind: 'explain', person: capture.person, capture: capture.id})}><Trans>Why this?</Trans></Button>}
      {running && <Group gap="xs" role="status"><Loader size="xs" /><Text size="xs"><Trans>Being computed …</Trans></Text></Group>}
      <Explained job={job} />
    </Stack>
  );
}

/** Pictures that were taken in the session; each can be explained. */
export function Captures({session}: {session: Session}) {
  const {data} = useQuery(capturesQuery(session.id));
  if (!data || data.length === 0) return null;
  return (
    <Card title={<Trans>Pictures</Trans>} lead={<Trans>“Why this?” shows which parts of the picture moved the model. It shows what the model used, not what the person felt.</Trans>}>
      <Box><SimpleGrid cols={{base: 1, xs: 2, md: 3, lg: 4}}>{[...data].sort((a, b) => a.at.localeCompare(b.at)).map((capture) => <One key={capture.id} capture={capture} />)}</SimpleGrid></Box>
    </Card>
  );
}
