import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Stack, Text} from '@mantine/core';
import {IconTestPipe} from '@tabler/icons-react';
import type {LiveFeed} from '@/features/live/feed';
import {useFeed} from '@/features/live/feed';
import type {Band} from '@/features/live/protocol';
import {number} from '@/shared/format';
import {WithTable} from '@/shared/charts/WithTable';

const kWidth = 320, kHeight = 132, kLeft = 34, kRight = 12, kTop = 8, kBottom = 22;

/** The score to come, with the bands that should hold it; where its model learnt from simulated people, that stands above it. */
export function ForecastPanel({feed}: {feed: LiveFeed}) {
  const {t} = useLingui();
  useFeed(feed, 1);
  const {forecast, main} = feed;
  const mine = forecast?.faces.find((each) => each.face_id === main);
  if (!forecast || !mine) return <Text size="sm" c="dimmed"><Trans>A forecast comes once there is half a minute of this face.</Trans></Text>;
  const bands = [mine.present, ...mine.ahead];
  const name = (s: number) => (s === 0 ? t`now` : s < 60 ? t`${number(s)} s` : t`${number(s / 60)} min`);
  return (
    <Stack gap="xs">
      {forecast.simulated && (
        <Alert variant="default" p="xs" icon={<IconTestPipe size={18} aria-hidden />}>
          <Text size="xs"><Trans>This forecast learnt from simulated people, not real ones. It has not been shown to beat "all stays as it is". Do not rely on it.</Trans></Text>
        </Alert>
      )}
      <WithTable caption={t`Forecast of the score`} columns={[t`In`, t`Expected`, t`80 % of cases`, t`95 % of cases`]}
        rows={() => bands.map((band) => [name(band.ahead_s), number(band.mean, 2), `${number(band.low_80, 2)} – ${number(band.high_80, 2)}`, `${number(band.low_95, 2)} – ${number(band.high_95, 2)}`])}>
        <Fan bands={bands} name={name} label={t`Forecast of the score with its bands`} />
      </WithTable>
      <Text size="xs" c="dimmed"><Trans>Score of a frame, −1 (relaxed) to 1 (strained). Dark band: 80 % of cases; light band: 95 %. Model: {forecast.model}.</Trans></Text>
    </Stack>
  );
}

function Fan({bands, name, label}: {bands: Band[]; name: (seconds: number) => string; label: string}) {
  const x = (at: number) => kLeft + (at * (kWidth - kLeft - kRight)) / Math.max(1, bands.length - 1);
  const y = (value: number) => kTop + ((1 - Math.max(-1, Math.min(1, value))) / 2) * (kHeight - kTop - kBottom);
  const area = (low: (band: Band) => number, high: (band: Band) => number) =>
    [...bands.map((band, at) => `${x(at)},${y(high(band))}`), ...bands.map((band, at) => `${x(at)},${y(low(band))}`).reverse()].join(' ');
  return (
    <svg viewBox={`0 0 ${kWidth} ${kHeight}`} role="img" aria-label={label} style={{width: '100%', display: 'block'}} direction="ltr">
      {[-1, 0, 1].map((value) => (
        <g key={value}>
          <line x1={kLeft} x2={kWidth - kRight} y1={y(value)} y2={y(value)} stroke="var(--py-line)" />
          <text x={kLeft - 6} y={y(value) + 4} textAnchor="end" fontSize="11" fill="var(--py-ink-soft)">{number(value)}</text>
        </g>
      ))}
      <polygon points={area((b) => b.low_95, (b) => b.high_95)} fill="var(--mantine-primary-color-filled)" opacity="0.14" />
      <polygon points={area((b) => b.low_80, (b) => b.high_80)} fill="var(--mantine-primary-color-filled)" opacity="0.26" />
      <polyline points={bands.map((band, at) => `${x(at)},${y(band.mean)}`).join(' ')} fill="none" stroke="var(--mantine-primary-color-filled)" strokeWidth="2" />
      {bands.map((band, at) => (
        <g key={band.ahead_s}>
          <circle cx={x(at)} cy={y(band.mean)} r="3" fill="var(--mantine-primary-color-filled)" />
          <text x={x(at)} y={kHeight - 6} textAnchor={at === bands.length - 1 ? 'end' : 'middle'} fontSize="11" fill="var(--py-ink-soft)">{name(band.ahead_s)}</text>
        </g>
      ))}
    </svg>
  );
}
