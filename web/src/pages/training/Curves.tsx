import {Trans, useLingui} from '@lingui/react/macro';
import {Group, SegmentedControl, Stack, Text} from '@mantine/core';
import {useMemo, useState} from 'react';
import type {AlignedData} from 'uplot';
import {TimeSeries, type Line} from '@/shared/charts/TimeSeries';
import {WithTable} from '@/shared/charts/WithTable';
import {number, percent} from '@/shared/format';
import {useEmotionColours} from '@/shared/ui/emotions';
import {curveValue, together, type Curve, type Epoch} from './runs';

export interface Run {
  name: string;
  epochs: readonly Epoch[];
}

const dashes: (number[] | undefined)[] = [undefined, [8, 4], [2, 3], [10, 3, 2, 3]];
const asWhole = (x: number) => (Number.isInteger(x) ? String(x) : '');

/** Learning over epochs, of one run or of several on one another. Runs differ by colour and by dashes. */
export function Curves({runs}: {runs: readonly Run[]}) {
  const {t} = useLingui();
  const colours = useEmotionColours();
  const [curve, setCurve] = useState<Curve>('accuracy');
  const tints = useMemo(() => [colours.sad, colours.happy, colours.surprise, colours.disgust, colours.fear, colours.angry, colours.neutral], [colours]);
  const names: Record<Curve, string> = {accuracy: t`Right on pictures held out`, loss: t`Loss while learning`, rate: t`Learning rate`};
  const data = useMemo(() => together(runs.map(({epochs}) => epochs), curveValue[curve]), [runs, curve]);
  const lines = useMemo(() => runs.map(({name}, at): Line => ({label: name, colour: tints[at % tints.length] ?? '#888888', dash: dashes[Math.floor(at / 2) % dashes.length], points: data[0].length < 40})), [runs, tints, data]);
  const written = (value: number | null | undefined) => (curve === 'accuracy' ? percent(value, 1) : number(value, curve === 'rate' ? 5 : 3));
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <SegmentedControl size="xs" value={curve} onChange={(value) => setCurve(value as Curve)} aria-label={t`What is drawn`} data={[{value: 'accuracy', label: t`Accuracy`}, {value: 'loss', label: t`Loss`}, {value: 'rate', label: t`Learning rate`}]} />
        <Text size="xs" c="dimmed">{names[curve]}</Text>
      </Group>
      {runs.length > 1 && (
        <Group gap="md">
          {lines.map((line) => (
            <Group key={line.label} gap={6} fz="sm"><svg width="24" height="6" aria-hidden><line x1="0" y1="3" x2="24" y2="3" stroke={line.colour} strokeWidth="2.5" strokeDasharray={line.dash?.join(' ')} /></svg>{line.label}</Group>
          ))}
        </Group>
      )}
      <WithTable caption={names[curve]} columns={[t`Epoch`, ...runs.map(({name}) => name)]} rows={() => data[0].map((x, at) => [x, ...data.slice(1).map((values) => written(values[at]))])}>
        {data[0].length === 0 ? <Text size="sm" c="dimmed" py="xl" ta="center"><Trans>The first epoch is not over yet.</Trans></Text>
          : <TimeSeries key={`${curve} ${data[0].length}`} label={t`${names[curve]}, epoch by epoch`} data={data as AlignedData} lines={lines} range={curve === 'accuracy' ? [0, 1] : undefined} elapsed formatX={asWhole} height={260} />}
      </WithTable>
    </Stack>
  );
}
