import {Trans, useLingui} from '@lingui/react/macro';
import {Group, Select, Stack, Text} from '@mantine/core';
import {useQueries, useQuery} from '@tanstack/react-query';
import {useState} from 'react';
import type {components} from '@/api/schema';
import {showsExpressions, type Site} from '@/app/account';
import {number, percent} from '@/shared/format';
import {Failure} from '@/shared/ui/Failure';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import {surveysQuery} from '@/shared/surveys/queries';
import {aggregateQuery} from './aggregates';
import {MonthGrid, type MonthCell} from './MonthGrid';
import {monthsOver} from './months';

const kMonths = 12;

/** In tenths; at the ends it is told only that it is no more, or no less. */
function participation(share: number): string {
  return share <= 0.1 ? `≤ ${percent(share)}` : share >= 0.9 ? `≥ ${percent(share)}` : percent(share);
}

/** Teams month by month: participation, or what a questionnaire's scale says, of at least k people who agreed to be counted. */
export function TeamMonths({teams, site}: {teams: readonly components['schemas']['Team'][]; site: Site}) {
  const {t} = useLingui();
  const [figure, setFigure] = useState('participation');
  const surveys = useQuery(surveysQuery);
  const months = monthsOver(kMonths);
  const cells = useQueries({queries: teams.flatMap((team) => months.map((month) => aggregateQuery(team.id, figure, month)))});
  const failed = cells.find((each) => each.error);
  const scale = (surveys.data ?? []).flatMap((survey) => survey.scales.map((each) => ({key: `survey:${survey.id}:${each.id}`, survey, scale: each}))).find((each) => each.key === figure);
  const range: [number, number] = scale ? [scale.scale.least, scale.scale.greatest] : figure === 'index' ? [0, 100] : [0, 1];
  const figures = [
    {group: t`Taking part`, items: [{value: 'participation', label: t`Participation`}]},
    ...(site.leads_may_see_scores && showsExpressions(site) ? [{group: t`Sessions`, items: [{value: 'index', label: t`Index, 0 to 100`}]}] : []),
    ...(surveys.data ?? []).map((survey) => ({group: survey.title, items: survey.scales.map((each) => ({value: `survey:${survey.id}:${each.id}`, label: survey.scales.length > 1 ? `${survey.id}: ${each.title}` : survey.title}))})),
  ];
  const rows = teams.map((team, at) => ({
    key: team.id,
    name: team.name,
    cells: months.map((_, m): MonthCell => cells[at * months.length + m]?.data ?? {state: 'wait'}),
  }));
  const anyFew = rows.some((row) => row.cells.some((cell) => cell.state === 'few'));
  const chosen = figures.flatMap((group) => group.items).find((item) => item.value === figure)?.label ?? figure;
  const meaning = figure === 'participation' ? t`The share of the team's people who answered a questionnaire or held a session in that month, rounded to tenths.`
    : scale ? (scale.scale.higher_means === 'more strain' ? t`The mean of each person's mean, from ${number(scale.scale.least)} to ${number(scale.scale.greatest)}; more means more strain.` : t`The mean of each person's mean, from ${number(scale.scale.least)} to ${number(scale.scale.greatest)}; more means less strain.`)
      : t`The mean of the sessions' index of each person.`;
  return (
    <Stack gap="sm">
      <Group align="flex-end">
        <Select label={<Trans>Figure</Trans>} data={figures} value={figure} onChange={(value) => value && setFigure(value)} allowDeselect={false} searchable w={320} maw="100%" />
        <Text size="sm" c="dimmed" flex={1} miw={220}>{meaning}</Text>
      </Group>
      {failed ? <Failure error={failed.error} retry={() => cells.forEach((each) => { if (each.error) void each.refetch(); })} /> : (
        <MonthGrid label={t`${chosen}, by team and month`} months={months} rows={rows} range={range} format={(value) => (figure === 'participation' ? participation(value) : number(value, figure === 'index' ? 0 : 2))} />
      )}
      <Text size="xs" c="dimmed">
        {anyFew && <><Trans>Cells with a crossed-out person: fewer than {site.k} people who agreed to be counted. That protects each of them; it is no fault.</Trans>{' '}</>}
        <Trans>A month is told when it is over.</Trans>
      </Text>
      {figure === 'index' && <NotADiagnosis />}
    </Stack>
  );
}
