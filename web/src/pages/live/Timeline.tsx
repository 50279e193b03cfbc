import {Trans, useLingui} from '@lingui/react/macro';
import {Group, SegmentedControl, Text} from '@mantine/core';
import {useEffect, useMemo, useRef, useState} from 'react';
import type uPlot from 'uplot';
import {emotions} from '@/app/theme';
import type {LiveFeed} from '@/features/live/feed';
import {useFeed} from '@/features/live/feed';
import {TimeSeries, type Line} from '@/shared/charts/TimeSeries';
import {WithTable} from '@/shared/charts/WithTable';
import {duration, number} from '@/shared/format';
import {useEmotionColours, useEmotionNames} from '@/shared/ui/emotions';
import type {Mark} from './marks';
import {marksPlugin} from './marks';

type Kind = 'index' | 'expressions' | 'eyes';

/** The last three minutes, going on, with what was written at the time. */
export function Timeline({feed, marks, expressions}: {feed: LiveFeed; marks: readonly Mark[]; expressions: boolean}) {
  const {t} = useLingui();
  const [kind, setKind] = useState<Kind>(expressions ? 'index' : 'eyes');
  const names = useEmotionNames(), colours = useEmotionColours();
  useFeed(feed, 4);
  const series = feed.main === null ? undefined : feed.tracks.get(feed.main)?.series;
  const latest = useRef(marks);
  useEffect(() => { latest.current = marks; }, [marks]);
  const plugins = useMemo(() => [marksPlugin(() => latest.current, (moment) => feed.secondsAt(moment))], [feed]);

  const lines: Line[] = useMemo(() => (kind === 'expressions' ? emotions.map((each) => ({label: names[each], colour: colours[each]}))
    : [{label: kind === 'index' ? t`Index` : t`Eye openness`, colour: colours.sad, width: 2}]), [kind, names, colours, t]);
  const columns = !series ? lines.map(() => [] as (number | null)[]) : kind === 'expressions' ? series.p : [kind === 'index' ? series.index : series.eyes];
  const data = [series?.time.slice() ?? [], ...columns.map((each) => each.slice())] as uPlot.AlignedData;
  const label = {index: t`Index over the last minutes`, expressions: t`Expressions over the last minutes`, eyes: t`Eye openness over the last minutes`}[kind];

  return (
    <>
      <Group justify="space-between" mb="xs">
        <SegmentedControl size="xs" value={kind} onChange={(value) => setKind(value as Kind)} aria-label={t`What is drawn`}
          data={[...(expressions ? [{value: 'index', label: t`Index`}, {value: 'expressions', label: t`Expressions`}] : []), {value: 'eyes', label: t`Eyes`}]} />
        {kind === 'expressions' && (
          <Group gap={10} aria-hidden>
            {emotions.map((each) => <Text key={each} size="xs" style={{display: 'inline-flex', alignItems: 'center', gap: 4}}><span style={{width: 12, height: 3, borderRadius: 2, background: colours[each], display: 'inline-block'}} />{names[each]}</Text>)}
          </Group>
        )}
      </Group>
      <WithTable caption={label} columns={[t`Time`, ...lines.map((line) => line.label)]}
        rows={() => (series?.time ?? []).map((time, at) => [duration(time), ...columns.map((each) => number(each[at], kind === 'index' ? 0 : 2))]).filter((_, at) => at % 25 === 0).reverse()}>
        <TimeSeries label={label} data={data} lines={lines} height={190} range={kind === 'index' ? [0, 100] : [0, 1]} elapsed follow plugins={plugins} />
      </WithTable>
      {!series && <Text size="sm" c="dimmed"><Trans>The line begins with the first face.</Trans></Text>}
    </>
  );
}
