import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Group, Progress, Stack, Text, VisuallyHidden} from '@mantine/core';
import {IconCheck, IconClock, IconPlayerPause, IconPlayerStop, IconProgress, IconX} from '@tabler/icons-react';
import {percent} from '@/shared/format';
import type {Job} from './jobs';

const looks = {
  queued: {icon: IconClock, colour: 'gray'}, running: {icon: IconProgress, colour: 'petrol'}, done: {icon: IconCheck, colour: 'petrol'},
  paused: {icon: IconPlayerPause, colour: 'gray'}, failed: {icon: IconX, colour: 'red'}, cancelled: {icon: IconPlayerStop, colour: 'gray'},
} as const;

export function useStateNames(): Record<Job['state'], string> {
  const {t} = useLingui();
  return {queued: t`Waiting`, running: t`Running`, paused: t`Paused`, done: t`Done`, failed: t`Failed`, cancelled: t`Cancelled`};
}

/** By word and sign, never by colour alone. */
export function JobStateBadge({job}: {job: Job}) {
  const names = useStateNames();
  const {icon: Icon, colour} = looks[job.state];
  const ending = job.cancel && job.state === 'running';
  return (
    <Badge variant={job.state === 'done' ? 'light' : 'default'} color={colour} radius="sm" tt="none" leftSection={<Icon size={13} aria-hidden />}>
      {ending ? <Trans>Ending</Trans> : names[job.state]}
    </Badge>
  );
}

/** How far a job is, in words that change sparingly for those who hear them. */
export function JobProgress({job}: {job: Job}) {
  const {t} = useLingui();
  const tenths = Math.floor(job.progress * 10) / 10;
  return (
    <Stack gap={6}>
      <Group justify="space-between">
        <Text size="sm">{job.state === 'queued' ? <Trans>Waiting for its turn. You may leave this page; it goes on.</Trans> : job.state === 'paused' ? <Trans>Paused. It goes on from its last whole epoch when you resume it, within thirty days.</Trans> : <Trans>Running. You may leave this page; it goes on.</Trans>}</Text>
        <Text size="sm" className="py-number">{percent(job.progress)}</Text>
      </Group>
      <Progress value={job.progress * 100} aria-label={t`Progress`} striped={job.state === 'running'} animated={job.state === 'running'} />
      <VisuallyHidden aria-live="polite">{t`${percent(tenths)} done`}</VisuallyHidden>
    </Stack>
  );
}
