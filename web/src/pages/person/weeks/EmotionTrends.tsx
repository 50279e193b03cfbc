import {Trans, useLingui} from '@lingui/react/macro';
import {Box, Group, SimpleGrid, Text} from '@mantine/core';
import {useMemo} from 'react';
import type {Session} from '@/api/records';
import {emotions} from '@/app/theme';
import {WithTable} from '@/shared/charts/WithTable';
import {percent, shortDate} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {useEmotionColours, useEmotionNames} from '@/shared/ui/emotions';
import {emotionWeeks} from './emotions';

const kWidth = 200, kHeight = 44;

/** A small line of its own for each expression: none hides another, and no colour has to be told from six others. */
function Line({values, most, colour}: {values: readonly number[]; most: number; colour: string}) {
  const x = (at: number) => (values.length > 1 ? 4 + (at / (values.length - 1)) * (kWidth - 8) : kWidth / 2);
  const y = (value: number) => kHeight - 4 - (value / most) * (kHeight - 8);
  const last = values.length - 1;
  return (
    <svg viewBox={`0 0 ${kWidth} ${kHeight}`} width="100%" height={kHeight} preserveAspectRatio="none" aria-hidden style={{display: 'block'}}>
      <line x1={0} x2={kWidth} y1={kHeight - 4} y2={kHeight - 4} stroke="var(--py-line)" vectorEffect="non-scaling-stroke" />
      <polyline fill="none" stroke={colour} strokeWidth={2} vectorEffect="non-scaling-stroke" points={values.map((value, at) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ')} />
      {values.length === 1 && <line x1={x(0) - 6} x2={x(0) + 6} y1={y(values[last] ?? 0)} y2={y(values[last] ?? 0)} stroke={colour} strokeWidth={3} vectorEffect="non-scaling-stroke" />}
    </svg>
  );
}

/** What the face expressed, week by week. */
export function EmotionTrends({sessions}: {sessions: readonly Session[]}) {
  const {t} = useLingui();
  const names = useEmotionNames();
  const colours = useEmotionColours();
  const weeks = useMemo(() => emotionWeeks(sessions), [sessions]);
  const count = weeks.mondays.length;
  if (count === 0) return null;
  const most = Math.max(0.05, ...emotions.flatMap((emotion) => weeks.of[emotion]));
  const from = shortDate(`${weeks.mondays[0]}T12:00:00`), until = shortDate(`${weeks.mondays.at(-1)}T12:00:00`);
  return (
    <Card title={<Trans>Expressions over the weeks</Trans>} lead={<Trans>Mean share of each expression in the sessions of a week, {from} to {until}; all on the same scale, up to {percent(most)}.</Trans>}>
      <WithTable caption={t`Expressions over the weeks`} columns={[t`Week of`, ...emotions.map((emotion) => names[emotion])]}
        rows={() => weeks.mondays.map((monday, at) => [shortDate(`${monday}T12:00:00`), ...emotions.map((emotion) => percent(weeks.of[emotion][at], 1))])}>
        <SimpleGrid cols={{base: 1, xs: 2, md: 3, lg: 4}} spacing="lg" verticalSpacing="md">
          {emotions.map((emotion) => {
            const values = weeks.of[emotion], first = values[0] ?? 0, last = values.at(-1) ?? 0;
            return (
              <Box key={emotion}>
                <Group justify="space-between" wrap="nowrap" gap="xs">
                  <Text size="sm" fw={600} style={{color: colours[emotion]}}>{names[emotion]}</Text>
                  <Text size="xs" c="dimmed" className="py-number">{count > 1 ? <Trans>{percent(first)} → {percent(last)}</Trans> : percent(last)}</Text>
                </Group>
                <Line values={values} most={most} colour={colours[emotion]} />
              </Box>
            );
          })}
        </SimpleGrid>
      </WithTable>
    </Card>
  );
}
