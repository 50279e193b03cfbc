import {Trans, useLingui} from '@lingui/react/macro';
import {Text, useMantineTheme, useComputedColorScheme} from '@mantine/core';
import {useMemo} from 'react';
import {LazyEChart} from '@/shared/charts/LazyEChart';
import {WithTable} from '@/shared/charts/WithTable';
import {number, percent} from '@/shared/format';
import type {Evaluation} from './evaluation';

/** How sure the model was, against how often it was right. */
export function Calibration({calibration}: {calibration: NonNullable<Evaluation['calibration']>}) {
  const {t} = useLingui();
  const theme = useMantineTheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const bins = useMemo(() => calibration.bins.filter(({n}) => n > 0), [calibration]);
  const colour = theme.colors.petrol?.[dark ? 4 : 7];
  const option = useMemo(() => ({
    grid: {left: 48, right: 16, top: 16, bottom: 44},
    xAxis: {type: 'value', min: 0, max: 1, name: t`How sure`, nameLocation: 'middle', nameGap: 28, axisLabel: {formatter: (x: number) => percent(x)}},
    yAxis: {type: 'value', min: 0, max: 1, axisLabel: {formatter: (x: number) => percent(x)}},
    series: [
      {type: 'line', silent: true, symbol: 'none', lineStyle: {type: 'dashed', color: dark ? '#7a8890' : '#8a979d', width: 1}, data: [[0, 0], [1, 1]]},
      {type: 'line', color: colour, symbolSize: (_: unknown, {dataIndex}: {dataIndex: number}) => 5 + 12 * Math.sqrt((bins[dataIndex]?.n ?? 0) / calibration.n), data: bins.map((bin) => [bin.confidence, bin.accuracy])},
    ],
  }), [bins, calibration.n, colour, dark, t]);
  return (
    <>
      <WithTable caption={t`How sure the model was, and how often it was right`} columns={[t`How sure`, t`Right`, t`Pictures`]} rows={() => bins.map((bin) => [percent(bin.confidence, 1), percent(bin.accuracy, 1), number(bin.n)])}>
        <LazyEChart label={t`Share that was right, against how sure the model was`} option={option} height={280} />
      </WithTable>
      <Text size="sm" c="dimmed" mt="xs">
        <Trans>On the dashed line the model is as often right as it says. Mean distance from it (ECE): {number(calibration.ece, 3)}; Brier score: {number(calibration.brier, 3)}.</Trans>
      </Text>
    </>
  );
}
