import {Trans, useLingui} from '@lingui/react/macro';
import {Button, Group, SimpleGrid, Stack, Text} from '@mantine/core';
import {IconPlayerPlay, IconReportAnalytics} from '@tabler/icons-react';
import {Link} from '@tanstack/react-router';
import type {components} from '@/api/schema';
import {Card} from '@/shared/ui/Card';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import {duration, number, percent} from '@/shared/format';

type Session = components['schemas']['Session'];

function Figure({name, value}: {name: string; value: string}) {
  return <div><Text size="sm" c="dimmed">{name}</Text><Text fz={26} fw={650} className="py-number">{value}</Text></div>;
}

/** What a session came to, and where to go from here. */
export function Ended({session, expressions}: {session: Session; expressions: boolean}) {
  const {t} = useLingui();
  const faces = [...(session.summary?.people ?? [])].sort((a, b) => b.valid_frames - a.valid_frames);
  const main = faces[0];
  return (
    <Card title={<Trans>The session has ended</Trans>} maw={860}>
      <Stack gap="lg">
        {main ? (
          <SimpleGrid cols={{base: 2, sm: 4}}>
            <Figure name={t`Length`} value={duration(main.duration_s ?? 0)} />
            {expressions && <Figure name={t`Index, 0 to 100`} value={number(main.index)} />}
            <Figure name={t`Could be read`} value={percent(main.frames ? main.valid_frames / main.frames : null)} />
            <Figure name={t`Blinks a minute`} value={number(main.blink_rate_per_min)} />
            {!expressions && <Figure name={t`Yawns`} value={number(main.yawns)} />}
          </SimpleGrid>
        ) : <Text size="sm"><Trans>Nothing was kept: nobody was in the picture, or keeping the figures was not agreed to.</Trans></Text>}
        {faces.length > 1 && <Text size="sm" c="dimmed"><Trans>{faces.length} faces were seen; these are the figures of the one that was seen most.</Trans></Text>}
        <Group>
          <Button component={Link} to={`/sessions/${session.id}`} leftSection={<IconReportAnalytics size={18} aria-hidden />}><Trans>Review the session</Trans></Button>
          <Button renderRoot={(props) => <Link to="/live" search={{person: session.person}} {...props} />} variant="default" leftSection={<IconPlayerPlay size={18} aria-hidden />}><Trans>Another session</Trans></Button>
        </Group>
        <NotADiagnosis model={main?.models ?? session.model} />
      </Stack>
    </Card>
  );
}
