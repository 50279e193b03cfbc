import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Group, Skeleton, Stack, Text, useComputedColorScheme} from '@mantine/core';
import type {SurveyResponse} from '@/api/records';
import {IconChartLine} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {useMemo} from 'react';
import {LazyEChart} from '@/shared/charts/LazyEChart';
import {WithTable} from '@/shared/charts/WithTable';
import {date, number} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {answersQuery, type Survey, type SurveyScale} from '@/shared/surveys/queries';
import {useLevelNames} from '@/shared/surveys/words';

const kDay = 86_400_000;

function ScaleHistory({scale, rows}: {scale: SurveyScale; rows: readonly SurveyResponse[]}) {
  const {t} = useLingui();
  const levels = useLevelNames();
  const dark = useComputedColorScheme('light') === 'dark';
  const values = useMemo(() => [...rows].reverse().map((row) => ({at: row.taken, edition: row.definition, of: row.score.scales.find((each) => each.scale === scale.id)})), [rows, scale.id]);
  // An earlier edition may have counted this scale between other ends: it stands in the table, not on this axis.
  const drawn = useMemo(() => values.filter(({of}) => of && of.least === scale.least && of.greatest === scale.greatest), [values, scale]);
  const editions = new Set(rows.map((row) => row.definition)).size > 1;
  const option = useMemo(() => {
    const only = drawn.length === 1 ? Date.parse(drawn[0]!.at) : 0;
    const ends = scale.bands.map((band, at) => [{yAxis: band.from, name: band.category ? (levels[band.category] ?? band.category) : ''}, {yAxis: scale.bands[at + 1]?.from ?? scale.greatest}]);
    return {
      grid: {left: 44, right: 16, top: 16, bottom: 28},
      xAxis: {type: 'time', ...(only && {min: only - kDay, max: only + kDay})},
      yAxis: {type: 'value', min: scale.least, max: scale.greatest},
      series: [{
        type: 'line', symbolSize: 9, clip: false, color: dark ? '#7fd0d3' : '#155e63', data: drawn.map(({at, of}) => [at, of?.score ?? null]),
        markArea: {silent: true, label: {position: 'insideRight', color: dark ? '#a3b1b8' : '#52616a'}, itemStyle: {color: dark ? 'rgba(255,255,255,.035)' : 'rgba(21,94,99,.045)', borderColor: dark ? '#2c363b' : '#dfe6e7', borderWidth: 1}, data: ends},
      }],
    };
  }, [drawn, scale, dark, levels]);
  return (
    <WithTable caption={t`${scale.title} over time`} columns={[t`Taken`, t`Score`, t`Level`, ...(editions ? [t`Edition`] : [])]}
      rows={() => values.map(({at, edition, of}) => [date(at), number(of?.score ?? null, 2), of?.category ? (levels[of.category] ?? of.category) : '–', ...(editions ? [edition] : [])])}>
      <Group justify="space-between"><Text fw={600} size="sm">{scale.title}</Text><Text size="xs" c="dimmed">{scale.higher_means === 'more strain' ? t`higher: more strain` : t`higher: less strain`}</Text></Group>
      <LazyEChart label={t`${scale.title} over time, ${drawn.length} answers`} option={option} height={190} />
      {drawn.length < values.length && <Text size="xs" c="dimmed"><Plural value={values.length - drawn.length} one="# answer to an earlier edition was counted between other ends; it stands in the table." other="# answers to earlier editions were counted between other ends; they stand in the table." /></Text>}
    </WithTable>
  );
}

/** One person's answers to one questionnaire over time, with the published levels as bands. */
export function History({survey, person}: {survey: Survey; person: string}) {
  const answers = useQuery(answersQuery(person, survey.id));
  if (answers.isPending) return <Skeleton height={240} />;
  if (answers.isError) return <Failure error={answers.error} retry={() => void answers.refetch()} />;
  return (
    <Card title={<Trans>History</Trans>}>
      {answers.data.length === 0
        ? <EmptyState icon={IconChartLine} title={<Trans>Not answered yet</Trans>}><Trans>Once it is answered, the scores stand here over time, with the published levels behind them.</Trans></EmptyState>
        : <Stack gap="lg">{survey.scales.map((scale) => <ScaleHistory key={scale.id} scale={scale} rows={answers.data} />)}</Stack>}
    </Card>
  );
}
