import {Trans, useLingui} from '@lingui/react/macro';
import {Group, Skeleton, Stack, Text, ThemeIcon} from '@mantine/core';
import {IconTrendingDown, IconTrendingUp, IconWaveSine} from '@tabler/icons-react';
import {useQuery, useQueryClient} from '@tanstack/react-query';
import {Problem} from '@/api/problem';
import type {components} from '@/api/schema';
import {number} from '@/shared/format';
import {PersonName} from '@/shared/people/PersonName';
import {fetchTrend, type Trend} from '@/shared/people/trend';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import {RiskBadge} from '@/shared/ui/RiskBadge';
import {Sparkline} from '@/shared/ui/Sparkline';
import {peopleOf, turnOf} from './figures';

const kPeople = 24, kAtOnce = 4, kDays = 21;

/** Trends of a few people at a time. Those whose trend may not be read (no consent to keep) are left out. */
async function trendsOf(people: readonly string[], ask: (person: string) => Promise<Trend>): Promise<{person: string; trend: Trend}[]> {
  const out: {person: string; trend: Trend}[] = [];
  for (let at = 0; at < people.length; at += kAtOnce) {
    const some = await Promise.all(people.slice(at, at + kAtOnce).map(async (person) => {
      try {
        return {person, trend: await ask(person)};
      } catch (problem) {
        if (problem instanceof Problem && problem.status >= 400 && problem.status < 500) return null;
        throw problem;
      }
    }));
    out.push(...some.filter((each) => each !== null));
  }
  return out;
}

/** People whose newest weeks differ from those before. */
export function Changed({sessions}: {sessions: readonly components['schemas']['Session'][] | undefined}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const people = sessions && peopleOf(sessions, Date.now() - kDays * 86_400_000, kPeople);
  const trends = useQuery({
    queryKey: ['changed', people],
    enabled: people !== undefined,
    staleTime: 5 * 60_000,
    queryFn: () => trendsOf(people ?? [], (person) => queryClient.fetchQuery({
      queryKey: ['people', person, 'trend', 'home'],
      staleTime: 5 * 60_000,
      retry: false,
      queryFn: () => fetchTrend(person),
    })),
  });
  const changed = (trends.data ?? []).flatMap(({person, trend}) => {
    const turn = turnOf(trend);
    return turn ? [{person, trend, turn}] : [];
  }).sort((a, b) => Number(a.turn.how === 'better') - Number(b.turn.how === 'better'));
  return (
    <Card title={<Trans>Trends that turned</Trans>} lead={changed.length > 0 && <Trans>Of the people with sessions in the last three weeks.</Trans>}>
      {trends.isPending && <Skeleton height={90} />}
      {trends.error && <Failure error={trends.error} retry={trends.refetch} />}
      {trends.data && changed.length === 0 && (
        <EmptyState icon={IconWaveSine} title={<Trans>No trend has turned</Trans>}><Trans>Once somebody has a few weeks with sessions on two days or more, a week that goes another way is shown here.</Trans></EmptyState>
      )}
      <Stack gap={0} component="ul" m={0} p={0} style={{listStyle: 'none'}}>
        {changed.map(({person, trend, turn}) => {
          const Icon = turn.how === 'worse' ? IconTrendingUp : IconTrendingDown;
          const weeks = trend.weeks.slice(-10);
          return (
            <Group key={person} component="li" justify="space-between" wrap="nowrap" py={8} style={{borderTop: '1px solid var(--py-line)'}}>
              <Group gap="sm" wrap="nowrap">
                <ThemeIcon variant="light" color={turn.how === 'worse' ? 'ember' : 'petrol'} aria-hidden><Icon size={17} /></ThemeIcon>
                <div>
                  <PersonName person={person} />
                  <Text size="xs" c="dimmed">{turn.how === 'worse' ? <Trans>More strain than before</Trans> : <Trans>Less strain than before</Trans>}</Text>
                </div>
              </Group>
              <Group gap="md" wrap="nowrap">
                <Sparkline values={weeks.map((week) => week.value)} width={110} height={32} label={t`${weeks.length} weeks, the newest ${number(turn.now.value)}`} />
                {turn.now.level && <RiskBadge risk={turn.now.level} />}
              </Group>
            </Group>
          );
        })}
      </Stack>
      {changed.length > 0 && <NotADiagnosis />}
    </Card>
  );
}
