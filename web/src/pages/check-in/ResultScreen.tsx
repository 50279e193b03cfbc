import {Trans, useLingui} from '@lingui/react/macro';
import {Button, Divider, Group, Skeleton, Stack, Text} from '@mantine/core';
import {IconArrowRight, IconHeartHandshake} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import type {ReactNode} from 'react';
import {api, body} from '@/api/client';
import {number, percent} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import {adviceOf, compare, type Than} from './compare';
import {kInstrument} from './QuestionsScreen';

interface Props {
  person: string;
  session: string | null;
  response: string | null;
  expressions: boolean;
  onAgain: () => void;
}

function Figure({title, value, of, children}: {title: ReactNode; value: string; of: ReactNode; children: ReactNode}) {
  return (
    <div>
      <Text fw={600}>{title}</Text>
      <Group gap={6} align="baseline"><Text fz={40} fw={650} lh={1.15} className="py-number">{value}</Text><Text c="dimmed">{of}</Text></Group>
      <Text size="sm">{children}</Text>
    </div>
  );
}

/** What came out, in plain words, beside one's own times before; what to do next. */
export function ResultScreen({person, session, response, expressions, onAgain}: Props) {
  const {t} = useLingui();
  const found = useQuery({
    queryKey: ['check-in', 'result', person, session, response],
    queryFn: async () => {
      const [answers, sessions] = await Promise.all([
        body(api.GET('/api/v1/responses', {params: {query: {person, instrument: kInstrument, limit: 200}}})),
        body(api.GET('/api/v1/sessions', {params: {query: {person, state: 'ended', limit: 12}}})),
      ]);
      return {answers: answers.rows, sessions: sessions.rows};
    },
  });
  if (found.isPending) return <Skeleton height={360} />;
  const strainOf = (row: NonNullable<typeof found.data>['answers'][number]) => row.score.scales[0]?.score ?? null;
  const real = (value: number | null | undefined): value is number => typeof value === 'number';
  const taken = [...(found.data?.answers ?? [])].sort((a, b) => Date.parse(b.taken) - Date.parse(a.taken));
  const mine = taken.find((row) => row.id === response);
  const strain = mine ? strainOf(mine) : null;
  const strainThan = strain === null ? null : compare(strain, taken.filter((row) => row.id !== response).map(strainOf).filter(real));
  const mainOf = (row: NonNullable<typeof found.data>['sessions'][number]) => [...(row.summary?.people ?? [])].sort((a, b) => b.valid_frames - a.valid_frames)[0] ?? null;
  const now = found.data?.sessions.find((row) => row.id === session);
  const face = now ? mainOf(now) : null;
  const index = face?.index ?? null;
  const indexThan = index === null ? null : compare(index, (found.data?.sessions ?? []).filter((row) => row.id !== session).map((row) => mainOf(row)?.index).filter(real));
  const than: Record<Than, string> = {
    first: t`This is your first time. From the next one on you see it beside your own earlier times.`, lower: t`That is lower than you usually have.`,
    alike: t`That is about as usual for you.`, higher: t`That is higher than you usually have.`,
  };
  const advice = {
    well: <Trans>Nothing stands out. Keep what does you good: sleep, breaks, people you like. Once or twice a week is enough for a check-in.</Trans>,
    watch: <Trans>Some strain is there. Plan a real break today, and see in a few days whether it goes down. If it does not, talk to somebody you trust.</Trans>,
    talk: <Trans>That is a lot of strain. Please do not stay alone with it: talk to the clinician of your choice, or somebody you trust, this week.</Trans>,
  }[adviceOf(strain, strainThan ?? 'first')];
  return (
    <Stack gap="md">
      <Card title={<Trans>Your result</Trans>}>
        <Stack gap="lg">
          {strain !== null
            ? <Figure title={<Trans>What you answered</Trans>} value={number(strain)} of={<Trans>of 100 strain</Trans>}>{than[strainThan ?? 'first']}</Figure>
            : <Text size="sm"><Trans>Too few questions were answered to count them together. That is fine.</Trans></Text>}
          {session && (face && expressions && index !== null
            ? <Figure title={<Trans>What your face expressed</Trans>} value={number(index)} of={<Trans>of 100 strain</Trans>}>{than[indexThan ?? 'first']}</Figure>
            : face && !expressions
              ? <Figure title={<Trans>How tired your eyes looked</Trans>} value={percent(face.perclos, 1)} of={<Trans>of the time closed</Trans>}><Trans>{number(face.blink_rate_per_min)} blinks a minute, {number(face.yawns)} yawns.</Trans></Figure>
              : <Text size="sm"><Trans>Nothing of the camera part was kept, as you chose, or your face could not be seen well enough.</Trans></Text>)}
          {face && face.frames > 0 && <Text size="xs" c="dimmed"><Trans>Your face could be read in {percent(face.valid_frames / face.frames)} of the time.</Trans></Text>}
        </Stack>
      </Card>
      <Card title={<Trans>What to do next</Trans>}>
        <Stack gap="sm">
          <Group gap="sm" wrap="nowrap" align="flex-start"><IconHeartHandshake size={26} aria-hidden style={{flexShrink: 0}} /><Text>{advice}</Text></Group>
          <Text size="sm" c="dimmed"><Trans>If you think of harming yourself, or somebody is in danger, call your local emergency number now. Nobody reads this page while you fill it in.</Trans></Text>
          <Divider />
          <Stack gap="xs">
            <Button size="md" component={Link} to="/me" rightSection={<IconArrowRight size={16} aria-hidden />}><Trans>See how it goes over time</Trans></Button>
            <Button size="md" variant="default" onClick={onAgain}><Trans>Done</Trans></Button>
          </Stack>
        </Stack>
      </Card>
      {expressions ? <NotADiagnosis model={face?.models ?? now?.model} /> : <Text size="xs" c="dimmed"><Trans>Not a diagnosis. Light, angle and glasses change these figures.</Trans></Text>}
      <Text size="xs" c="dimmed"><Trans>The questions are our own and not validated: compare only with your own earlier answers.</Trans></Text>
    </Stack>
  );
}
