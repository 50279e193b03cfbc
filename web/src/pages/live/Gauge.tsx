import {Trans, useLingui} from '@lingui/react/macro';
import {Group, Progress, Stack, Text} from '@mantine/core';
import {IconArrowDownRight, IconArrowRight, IconArrowUpRight} from '@tabler/icons-react';
import type {LiveFeed} from '@/features/live/feed';
import {useFeed} from '@/features/live/feed';
import {number, percent} from '@/shared/format';

const kRadius = 80, kWide = 14, kCentre = 100;
const arc = Math.PI * kRadius;

/** The index of the last minute, where it goes, and how much of that minute could be read; `alone` where nobody tells the other two. */
export function Gauge({feed, alone}: {feed: LiveFeed; alone: boolean}) {
  const {t} = useLingui();
  useFeed(feed, 5);
  const {face} = feed;
  const index = face?.index ?? null, slope = face?.index_per_min ?? null, confidence = face?.confidence ?? null;
  const shown = index === null ? '–' : number(index);
  const steady = slope === null || Math.abs(slope) < 1;
  const Icon = steady ? IconArrowRight : slope > 0 ? IconArrowUpRight : IconArrowDownRight;
  const where = slope === null ? t`Ten seconds are needed to say where it goes` : steady ? t`Steady` : slope > 0 ? t`Rising, ${number(slope, 1)} points a minute` : t`Falling, ${number(-slope, 1)} points a minute`;
  return (
    <Stack gap="xs" align="stretch">
      <svg viewBox="0 0 200 116" role="img" aria-label={t`Index ${shown} of 100`} style={{width: '100%', maxWidth: 250, marginInline: 'auto', display: 'block'}}>
        <path d={`M ${kCentre - kRadius} 104 A ${kRadius} ${kRadius} 0 0 1 ${kCentre + kRadius} 104`} fill="none" stroke="var(--py-line)" strokeWidth={kWide} strokeLinecap="round" />
        {index !== null && (
          <path d={`M ${kCentre - kRadius} 104 A ${kRadius} ${kRadius} 0 0 1 ${kCentre + kRadius} 104`} fill="none" stroke="var(--mantine-primary-color-filled)" strokeWidth={kWide} strokeLinecap="round"
            strokeDasharray={`${(arc * index) / 100} ${arc}`} />
        )}
        <text x={kCentre} y="92" textAnchor="middle" fontSize="42" fontWeight="650" fill="var(--py-ink)" className="py-number">{shown}</text>
        <text x={kCentre} y="111" textAnchor="middle" fontSize="11" fill="var(--py-ink-soft)">{t`of 100, last minute`}</text>
      </svg>
      {!alone && <Group gap={6} justify="center" wrap="nowrap"><span dir="ltr" style={{display: 'flex'}}><Icon size={18} aria-hidden /></span><Text size="sm" fw={600} maw={220}>{where}</Text></Group>}
      {!alone && <div>
        <Group justify="space-between"><Text size="xs" c="dimmed"><Trans>Could be read</Trans></Text><Text size="xs" className="py-number">{percent(confidence)}</Text></Group>
        <Progress value={(confidence ?? 0) * 100} size="sm" aria-label={t`Share of the last minute that could be read`} />
      </div>}
    </Stack>
  );
}
