import {Trans, useLingui} from '@lingui/react/macro';
import {Anchor, Box, Button, Group, Loader, SimpleGrid, Stack, Table, Text, UnstyledButton} from '@mantine/core';
import {IconBulb} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {api, body} from '@/api/client';
import type {Session} from '@/api/records';
import {emotions, type Emotion} from '@/app/theme';
import {duration, number, signed} from '@/shared/format';
import {resultAddress, resultQuery} from '@/shared/jobs/jobs';
import {Card} from '@/shared/ui/Card';
import {useEmotionNames} from '@/shared/ui/emotions';
import {useLine} from './context';
import {storiesOf, type Story} from './story';
import {useJob} from './useJob';

function usePartNames() {
  const {t} = useLingui();
  const names = useEmotionNames();
  const others: Record<string, string> = {perclos: t`PERCLOS`, blink_duration: t`Length of blinks`, yawns: t`Yawns`};
  return (name: string) => (emotions.includes(name as Emotion) ? names[name as Emotion] : others[name] ?? name);
}

function Bars({parts}: {parts: Story['session']}) {
  const name = usePartNames();
  const most = Math.max(1e-9, ...parts.map(({value}) => Math.abs(value)));
  return (
    <Stack gap={4} component="ul" p={0} m={0} style={{listStyle: 'none'}}>
      {parts.map((part) => (
        <Group key={part.name} component="li" gap="xs" wrap="nowrap">
          <Text size="sm" w={84} style={{flexShrink: 0}}>{name(part.name)}</Text>
          <Box flex={1} h={10} pos="relative" aria-hidden dir="ltr">
            <Box pos="absolute" top={0} bottom={0} left="50%" w={1} style={{background: 'var(--py-ink-soft)'}} />
            <Box pos="absolute" top={1} bottom={1} style={{left: part.value < 0 ? `${50 - (Math.abs(part.value) / most) * 50}%` : '50%', width: `${(Math.abs(part.value) / most) * 50}%`, background: part.value > 0 ? 'var(--mantine-color-ember-5)' : 'var(--mantine-color-petrol-5)', borderRadius: 2}} />
          </Box>
          <Text size="sm" w={64} ta="end" className="py-number">{signed(part.value, 3)}</Text>
        </Group>
      ))}
    </Stack>
  );
}

/** Which expressions and signs made the session's score, as a whole and minute by minute: computed when it is asked for. */
export function ScoreStory({session, face}: {session: Session; face: number | null}) {
  const {t} = useLingui();
  const {window, playhead} = useLine();
  const name = usePartNames();
  const earlier = useQuery({
    queryKey: ['jobs', 'explained', session.id],
    queryFn: async () => (await body(api.GET('/api/v1/jobs', {params: {query: {person: session.person, limit: 200}}}))).rows.find((job) => job.kind === 'explain' && job.state === 'done' && job.request.session === session.id && job.request.at_s === undefined)?.id ?? null,
    retry: false,
  });
  const {start, starting, job} = useJob(earlier.data ?? null);
  const done = job?.state === 'done';
  const stories = useQuery({...resultQuery(job?.id ?? '', 'explanation.json', (text) => storiesOf(JSON.parse(text))), enabled: done});
  const story = stories.data?.find((each) => each.face === face) ?? stories.data?.[0];
  const running = starting || job?.state === 'queued' || job?.state === 'running';
  return (
    <Card title={<Trans>What made the score</Trans>} lead={<Trans>The score is a sum: each expression's share of it, against the middle. To the right: more strain.</Trans>}>
      {!job && !running && <Button variant="light" leftSection={<IconBulb size={18} aria-hidden />} disabled={session.state === 'open'} onClick={() => start({kind: 'explain', person: session.person, session: session.id, options: {step_s: 60}})}><Trans>Explain the score</Trans></Button>}
      {running && <Group gap="sm" role="status"><Loader size="sm" /><Text size="sm"><Trans>Being computed …</Trans></Text></Group>}
      {job && (job.state === 'failed' || job.state === 'cancelled') && <Text size="sm" role="alert">{job.error ?? t`It was ended.`}</Text>}
      {story && (
        <SimpleGrid cols={{base: 1, md: 2}} spacing="xl">
          <Stack gap="md"><Bars parts={story.session.filter(({value}) => Math.abs(value) >= 0.0005)} />{job && <Anchor size="sm" href={resultAddress(job.id, 'explanation.pdf')} download><Trans>As PDF</Trans></Anchor>}</Stack>
          {story.steps.length > 1 && (
            <Box style={{overflow: 'auto', maxHeight: 260}} tabIndex={0} role="region" aria-label={t`Minute by minute`}>
              <Table stickyHeader verticalSpacing={4} fz="sm" aria-label={t`Minute by minute`}>
                <Table.Thead bg="var(--py-paper)"><Table.Tr><Table.Th><Trans>From</Trans></Table.Th><Table.Th ta="end"><Trans>Score</Trans></Table.Th><Table.Th><Trans>Moved most by</Trans></Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>
                  {story.steps.map((step) => (
                    <Table.Tr key={step.from}>
                      <Table.Td><UnstyledButton fz="sm" td="underline" onClick={() => { playhead.set(step.from); window.set(step.from - 5, step.from + story.stepS + 5); }}>{duration(step.from)}</UnstyledButton></Table.Td>
                      <Table.Td ta="end" className="py-number">{number(step.score, 3)}</Table.Td>
                      <Table.Td>{step.parts.filter(({value}) => Math.abs(value) >= 0.0005).slice(0, 2).map(({name: part, value}) => `${name(part)} ${signed(value, 3)}`).join(', ') || '–'}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Box>
          )}
        </SimpleGrid>
      )}
    </Card>
  );
}
