import {Trans, useLingui} from '@lingui/react/macro';
import {Group, Progress, Stack, Text} from '@mantine/core';
import type {ReactNode} from 'react';
import type {LiveFeed} from '@/features/live/feed';
import {useFeed} from '@/features/live/feed';
import {number, percent} from '@/shared/format';

function Row({name, value, share, note}: {name: string; value: string; share?: number | null; note?: ReactNode}) {
  return (
    <div>
      <Group justify="space-between" wrap="nowrap"><Text size="sm">{name}</Text><Text size="sm" fw={600} className="py-number">{value}</Text></Group>
      {share !== undefined && <Progress value={(share ?? 0) * 100} size="sm" mt={2} aria-label={name} />}
      {note && <Text size="xs" c="dimmed">{note}</Text>}
    </div>
  );
}

/** Signs of tiredness: eyes, blinks, yawns. */
export function FatiguePanel({feed}: {feed: LiveFeed}) {
  const {t} = useLingui();
  useFeed(feed, 4);
  const {face, main} = feed;
  const yawns = main === null ? null : feed.tracks.get(main)?.yawns ?? null;
  return (
    <Stack gap="sm">
      <Row name={t`Eye openness`} value={percent(face?.eye_openness)} share={face?.eye_openness ?? null} />
      <Row name={t`Eyes closed (PERCLOS)`} value={percent(face?.perclos, 1)} share={face?.perclos ?? null} note={<Trans>Share of the last minute with the eyes at least four fifths closed</Trans>} />
      <Row name={t`Blinks a minute`} value={number(face?.blink_rate_per_min)} />
      <Row name={t`Yawns since this page is open`} value={number(yawns)} note={face?.yawning ? <Trans>Yawning now</Trans> : undefined} />
    </Stack>
  );
}
