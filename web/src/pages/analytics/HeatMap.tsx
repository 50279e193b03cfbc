import {Trans, useLingui} from '@lingui/react/macro';
import {Box, Button, useComputedColorScheme} from '@mantine/core';
import {useMemo} from 'react';
import {emotions} from '@/app/theme';
import {LazyEChart} from '@/shared/charts/LazyEChart';
import {WithTable} from '@/shared/charts/WithTable';
import {number, percent, signed} from '@/shared/format';
import {useEmotionNames} from '@/shared/ui/emotions';
import {overall, type Merged} from './topics';

/** As many as can be read; the rest stand in the table. */
const kMost = 30;

interface Props {
  rows: readonly Merged[];
  show: 'share' | 'effect';
  word: string | null;
  onWord: (word: string) => void;
}

export function HeatMap({rows, show, word, onWord}: Props) {
  const {t} = useLingui();
  const names = useEmotionNames();
  const dark = useComputedColorScheme('light') === 'dark';
  const mean = useMemo(() => overall(rows), [rows]);
  const drawn = useMemo(() => rows.filter(({p}) => p).slice(0, kMost), [rows]);
  const valueOf = (row: Merged, at: number) => (row.p ? ((row.p[at] ?? 0) - (show === 'effect' ? mean?.[at] ?? 0 : 0)) * 100 : null);
  const written = (value: number) => (show === 'effect' ? signed(value) : number(value));
  const ink = dark ? '#e8eef0' : '#1b2629', paper = dark ? '#1a2023' : '#ffffff';
  const option = useMemo(() => {
    const most = Math.max(1, ...drawn.flatMap((row) => emotions.map((_, at) => Math.abs(valueOf(row, at) ?? 0))));
    const label = {color: ink, fontSize: 12};
    return {
      grid: {left: 8, right: 8, top: 34, bottom: 48, containLabel: true},
      tooltip: {formatter: (of: {value: [number, number, number]}) => {
        const row = drawn[of.value[1]], emotion = emotions[of.value[0]];
        return row && emotion ? `${row.keyword}: ${names[emotion]} ${written(of.value[2])}${show === 'share' ? ' %' : ''}\n${t`${row.times} times, ${row.frames} frames`}` : '';
      }},
      xAxis: {type: 'category', position: 'top', data: emotions.map((emotion) => names[emotion]), axisLabel: {...label, interval: 0, hideOverlap: false, rotate: 0}, axisLine: {show: false}, axisTick: {show: false}},
      yAxis: {type: 'category', inverse: true, data: drawn.map((row) => row.keyword), axisLabel: {...label, width: 130, overflow: 'truncate'}, axisLine: {show: false}, axisTick: {show: false}, triggerEvent: true},
      visualMap: {
        min: show === 'effect' ? -most : 0, max: most, calculable: false, orient: 'horizontal', left: 'center', bottom: 0, itemHeight: 120, textStyle: label, text: show === 'effect' ? [t`more`, t`less`] : [t`more`, '0'],
        inRange: {color: show === 'effect' ? (dark ? ['#3b9094', paper, '#d97f10'] : ['#5fabae', '#f6f8f8', '#f59b2b']) : (dark ? [paper, '#3b9094'] : ['#f6f8f8', '#3b9094'])},
      },
      series: [{
        type: 'heatmap', data: drawn.flatMap((row, y) => emotions.map((_, x) => [x, y, valueOf(row, x) ?? 0])), itemStyle: {borderColor: paper, borderWidth: 2},
        label: {show: true, color: ink, formatter: (of: {value: [number, number, number]}) => written(of.value[2])}, emphasis: {itemStyle: {borderColor: ink}},
      }],
    };
  // eslint-disable-next-line react-hooks/exhaustive-deps -- valueOf and written follow from these
  }, [drawn, show, names, mean, dark, t]);
  const table = () => rows.map((row) => [
    <Button key="w" variant={row.keyword === word ? 'light' : 'subtle'} size="compact-sm" onClick={() => onWord(row.keyword)}>{row.keyword}</Button>,
    number(row.people), number(row.times), number(row.frames), number(row.impact, 3), ...emotions.map((_, at) => { const value = valueOf(row, at); return value === null ? '–' : show === 'effect' ? signed(value) : percent(value / 100); }),
  ]);
  return (
    <WithTable caption={t`Keywords and expressions`} columns={[t`Keyword`, t`People`, t`Times`, t`Frames`, t`Impact`, ...emotions.map((emotion) => names[emotion])]} rows={table}>
      <Box style={{overflowX: 'auto'}} tabIndex={0} role="region" aria-label={t`Keywords and expressions`}>
        <Box miw={620}>
          <LazyEChart label={t`Keywords by expressions; the same figures stand in the table`} option={option} height={100 + drawn.length * 34}
            onClick={(event) => {
              const value = event.value as unknown;
              const row = Array.isArray(value) ? drawn[Number(value[1])] : typeof value === 'string' ? rows.find(({keyword}) => keyword === value) : undefined;
              if (row) onWord(row.keyword);
            }} />
        </Box>
      </Box>
      {drawn.length < rows.length && <Box fz="xs" c="dimmed"><Trans>The {drawn.length} most moving are drawn; all stand in the table.</Trans></Box>}
    </WithTable>
  );
}
