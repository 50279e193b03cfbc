import {Trans, useLingui} from '@lingui/react/macro';
import {Chip, Group, SegmentedControl, Stack} from '@mantine/core';
import {useMemo, useState} from 'react';
import type {AlignedData} from 'uplot';
import {emotions} from '@/app/theme';
import {TimeSeries, type Line} from '@/shared/charts/TimeSeries';
import {WithTable} from '@/shared/charts/WithTable';
import {duration, number} from '@/shared/format';
import {useEmotionColours, useEmotionNames} from '@/shared/ui/emotions';
import {stretches, type Column, type Face} from './frames';

// A few seconds need tenths on their axis.
const kShortS = 20;
const inTenths = (x: number) => `${number(x, 1)} s`;

type Lane = 'expressions' | 'index' | 'fatigue' | 'pose';

/** One face over time: expressions, index, cues of fatigue or pose. */
export function SeriesOfFace({face, expressions}: {face: Face; expressions: boolean}) {
  const {t} = useLingui();
  const names = useEmotionNames(), colours = useEmotionColours();
  const [lane, setLane] = useState<Lane>(expressions ? 'expressions' : 'fatigue');
  const [shown, setShown] = useState<string[]>([...emotions]);
  const [first, second, third] = [colours.sad, colours.happy, colours.surprise];
  const {columns, labels, lines, range} = useMemo((): {columns: Column[]; labels: string[]; lines: Line[]; range?: [number, number]} => {
    const of = (columns: Column[], labels: string[], tints: string[], range?: [number, number]) => ({columns, labels, range, lines: labels.map((label, at): Line => ({label, colour: tints[at] ?? first}))});
    switch (lane) {
      case 'expressions': {
        const some = emotions.filter((each) => shown.includes(each));
        return of([...some], some.map((each) => names[each]), some.map((each) => colours[each]), [0, 1]);
      }
      case 'index': return of(['index'], [t`Index`], [first], [0, 100]);
      case 'fatigue': return of(['eye_openness', 'mouth_openness', 'perclos'], [t`Eyes open`, t`Mouth open`, t`PERCLOS (60 s)`], [first, second, third], [0, 1]);
      case 'pose': return of(['yaw_deg', 'pitch_deg', 'roll_deg'], [t`Turned (°)`, t`Nodded (°)`, t`Tilted (°)`], [first, second, third]);
    }
  }, [lane, shown, names, colours, first, second, third, t]);
  const data = useMemo(() => [face.time, ...columns.map((column) => face.columns[column])] as AlignedData, [face, columns]);
  const lanes: {value: Lane; label: string}[] = [
    ...(expressions ? [{value: 'expressions', label: t`Expressions`}, {value: 'index', label: t`Index`}] as const : []),
    {value: 'fatigue', label: t`Eyes and mouth`}, {value: 'pose', label: t`Head`},
  ];
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-start">
        <SegmentedControl size="xs" value={lane} onChange={(value) => setLane(value as Lane)} data={lanes} aria-label={t`What is drawn`} />
      </Group>
      {lane === 'expressions' ? (
        <Chip.Group multiple value={shown} onChange={setShown}>
          <Group gap={6} role="group" aria-label={t`Which expressions`}>
            {emotions.map((each) => <Chip key={each} value={each} size="xs" variant="outline" styles={{label: {borderInlineStart: `4px solid ${colours[each]}`}}}>{names[each]}</Chip>)}
          </Group>
        </Chip.Group>
      ) : lines.length > 1 && (
        <Group gap="md">{lines.map((line) => <Group key={line.label} gap={6} fz="sm"><span aria-hidden style={{width: 16, height: 3, borderRadius: 2, background: line.colour}} />{line.label}</Group>)}</Group>
      )}
      <WithTable caption={t`Means over stretches of time`} columns={[t`From`, ...labels]} rows={() => stretches(face, columns).map(([time, ...values]) => [duration(time ?? 0), ...values.map((value) => number(value, lane === 'index' || lane === 'pose' ? 1 : 2))])}>
        <TimeSeries label={t`Face ${face.id + 1} over time`} data={data} lines={lines} range={range} elapsed formatX={(face.time.at(-1) ?? 0) - (face.time[0] ?? 0) < kShortS ? inTenths : undefined} height={260} />
      </WithTable>
      <Group fz="xs" c="dimmed"><Trans>Drag to look closer, double click for all.</Trans></Group>
    </Stack>
  );
}
