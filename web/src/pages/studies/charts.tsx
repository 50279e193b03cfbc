import {useLingui} from '@lingui/react/macro';
import {useComputedColorScheme} from '@mantine/core';
import {useMemo} from 'react';
import {LazyEChart} from '@/shared/charts/LazyEChart';
import {WithTable} from '@/shared/charts/WithTable';
import {number} from '@/shared/format';
import type {Point} from './validation';

const kMostRows = 500;

function useInks() {
  const dark = useComputedColorScheme('light') === 'dark';
  return {dots: dark ? '#7fd0d3' : '#155e63', line: dark ? '#ffb454' : '#b56508', soft: dark ? '#a3b1b8' : '#52616a'};
}

const axis = (name: string, soft: string) => ({type: 'value', scale: true, name, nameLocation: 'middle', nameGap: 30, nameTextStyle: {color: soft}, axisLabel: {color: soft}});

export function ScatterChart({points, line, score, survey}: {points: readonly Point[]; line: {intercept: number; slope: number} | null; score: string; survey: string}) {
  const {t} = useLingui();
  const {dots, line: stroke, soft} = useInks();
  const option = useMemo(() => {
    const xs = points.map(([, x]) => x);
    const ends = line && xs.length > 1 ? [Math.min(...xs), Math.max(...xs)].map((x) => [x, line.intercept + line.slope * x]) : [];
    return {
      grid: {left: 52, right: 18, top: 14, bottom: 46},
      xAxis: axis(score, soft),
      yAxis: {...axis(survey, soft), nameGap: 36},
      series: [
        {type: 'scatter', symbolSize: 8, itemStyle: {color: dots, opacity: 0.72}, data: points.map(([, x, y]) => [x, y])},
        ...(ends.length > 0 ? [{type: 'line', showSymbol: false, silent: true, lineStyle: {color: stroke, width: 2}, data: ends}] : []),
      ],
    };
  }, [points, line, score, survey, dots, stroke, soft]);
  return (
    <WithTable caption={t`${score} beside ${survey}`} columns={[t`Person`, score, survey]} rows={() => points.slice(0, kMostRows).map(([person, x, y]) => [person + 1, number(x, 2), number(y, 2)])}>
      <LazyEChart label={t`Scatter of ${score} and ${survey}, ${points.length} pairs`} option={option} height={320} />
    </WithTable>
  );
}

/** Differences over means, with bias and limits of agreement. */
export function AgreementChart({points, limits}: {points: readonly Point[]; limits: {bias: number; lower: number; upper: number}}) {
  const {t} = useLingui();
  const {dots, line: stroke, soft} = useInks();
  const option = useMemo(() => {
    const mark = (value: number, name: string, type: 'solid' | 'dashed') => ({yAxis: value, name, lineStyle: {type, color: stroke}, label: {formatter: `${name} ${number(value, 1)}`, position: 'insideEndTop', color: soft}});
    return {
      grid: {left: 52, right: 18, top: 14, bottom: 46},
      xAxis: axis(t`Mean of both`, soft),
      yAxis: {...axis(t`Score − questionnaire`, soft), nameGap: 36},
      series: [{
        type: 'scatter', symbolSize: 8, itemStyle: {color: dots, opacity: 0.72}, data: points.map(([, x, y]) => [(x + y) / 2, x - y]),
        markLine: {silent: true, symbol: 'none', data: [mark(limits.bias, t`bias`, 'solid'), mark(limits.lower, t`lower`, 'dashed'), mark(limits.upper, t`upper`, 'dashed')]},
      }],
    };
  }, [points, limits, dots, stroke, soft, t]);
  return (
    <WithTable caption={t`Agreement`} columns={[t`Figure`, t`Value`]} rows={() => [[t`bias`, number(limits.bias, 2)], [t`lower`, number(limits.lower, 2)], [t`upper`, number(limits.upper, 2)]]}>
      <LazyEChart label={t`Bland–Altman: bias ${number(limits.bias, 1)}, limits ${number(limits.lower, 1)} to ${number(limits.upper, 1)}`} option={option} height={320} />
    </WithTable>
  );
}
