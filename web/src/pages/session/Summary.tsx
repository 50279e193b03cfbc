import {Plural, Trans} from '@lingui/react/macro';
import {SimpleGrid, Stack, Text} from '@mantine/core';
import type {ReactNode} from 'react';
import type {FaceSummary, Session} from '@/api/records';
import {emotions} from '@/app/theme';
import {dateTime, duration, number, percent} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {useEmotionNames} from '@/shared/ui/emotions';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import type {Topic} from './topics';

function Figure({label, children, more}: {label: ReactNode; children: ReactNode; more?: ReactNode}) {
  return (
    <Stack gap={0}>
      <Text size="xs" c="dimmed">{label}</Text>
      <Text fz={22} fw={650} lh={1.25} className="py-number">{children}</Text>
      {more && <Text size="xs" c="dimmed">{more}</Text>}
    </Stack>
  );
}

/** The session in a few sentences, with what they rest on. */
export function Summary({session, face, topics, expressions}: {session: Session; face: FaceSummary | null; topics: readonly Topic[]; expressions: boolean}) {
  const names = useEmotionNames();
  if (!face) {
    return (
      <Card title={<Trans>In short</Trans>}>
        <Text size="sm">{session.state === 'open' ? <Trans>The session still runs; its figures are made when it ends.</Trans> : <Trans>No face could be read, so there is nothing to say.</Trans>}</Text>
      </Card>
    );
  }
  const share = face.valid_frames / Math.max(1, face.frames);
  const p = face.p;
  const order = p ? emotions.map((emotion, at) => ({emotion, share: p[at] ?? 0})).sort((a, b) => b.share - a.share) : [];
  const [most, second] = order;
  const top = topics.find(({impact}) => impact !== null);
  return (
    <Card title={<Trans>In short</Trans>}>
      <SimpleGrid cols={{base: 2, sm: 3, lg: expressions ? 6 : 4}} spacing="md" mb="md">
        {expressions && <Figure label={<Trans>Index of the session</Trans>} more={<Trans>0 to 100, more is more strain</Trans>}>{number(face.index)}</Figure>}
        {expressions && <Figure label={<Trans>Ups and downs</Trans>} more={<Trans>variance of the score</Trans>}>{number(face.volatility, 3)}</Figure>}
        <Figure label={<Trans>PERCLOS</Trans>} more={<Trans>time with eyes nearly shut</Trans>}>{percent(face.perclos, 1)}</Figure>
        <Figure label={<Trans>Blinks a minute</Trans>} more={<Plural value={face.blinks} one="# blink" other="# blinks" />}>{number(face.blink_rate_per_min, 1)}</Figure>
        <Figure label={<Trans>Yawns, nods</Trans>}>{`${number(face.yawns)}, ${number(face.nods)}`}</Figure>
        <Figure label={<Trans>Readable</Trans>} more={<Trans>of {number(face.frames)} frames</Trans>}>{percent(share)}</Figure>
      </SimpleGrid>
      <Stack gap={4} maw={820}>
        <Text size="sm"><Trans>{dateTime(session.started)}, {duration(face.duration_s ?? 0)} long.</Trans>{' '}
          {expressions && most && second && <Trans>Most of the time the face expressed “{names[most.emotion]}” ({percent(most.share)}), then “{names[second.emotion]}” ({percent(second.share)}).</Trans>}</Text>
        {expressions && top && top.shift !== null && (
          <Text size="sm">{top.shift > 0 ? <Trans>“{top.word}” moved the score most, towards more strain than in the session as a whole.</Trans> : <Trans>“{top.word}” moved the score most, towards less strain than in the session as a whole.</Trans>}</Text>
        )}
        {share < 0.5 && <Text size="sm" fw={600}><Trans>Less than half of the frames could be read: these figures do not count in the weeks, and say little.</Trans></Text>}
      </Stack>
      {expressions && <NotADiagnosis model={session.model ?? face.models} />}
    </Card>
  );
}
