import {Trans, useLingui} from '@lingui/react/macro';
import {Group, Skeleton, Stack, Text, ThemeIcon} from '@mantine/core';
import {IconTrendingDown, IconTrendingUp, IconWaveSine} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {overviewQuery} from '@/api/records';
import {number} from '@/shared/format';
import {PersonName} from '@/shared/people/PersonName';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import {RiskBadge} from '@/shared/ui/RiskBadge';
import {Sparkline} from '@/shared/ui/Sparkline';
import {turned} from './figures';

const kDays = 21, kShown = 12;

/** People whose newest weeks differ from those before. */
export function Changed() {
  const {t} = useLingui();
  const overview = useQuery({...overviewQuery, staleTime: 5 * 60_000});
  const all = turned(overview.data ?? [], Date.now() - kDays * 86_400_000);
  const more = all.length - kShown;
  return (
    <Card title={<Trans>Trends that turned</Trans>} lead={all.length > 0 && <Trans>Of the people with sessions in the last three weeks.</Trans>}>
      {overview.isPending && <Skeleton height={90} />}
      {overview.error && <Failure error={overview.error} retry={overview.refetch} />}
      {overview.data && all.length === 0 && (
        <EmptyState icon={IconWaveSine} title={<Trans>No trend has turned</Trans>}><Trans>Once somebody has a few weeks with sessions on two days or more, a week that goes another way is shown here.</Trans></EmptyState>
      )}
      <Stack gap={0} component="ul" m={0} p={0} style={{listStyle: 'none'}}>
        {all.slice(0, kShown).map(({overview: {person, weeks, level}, turn}) => {
          const Icon = turn === 'worse' ? IconTrendingUp : IconTrendingDown;
          return (
            <Group key={person} component="li" justify="space-between" wrap="nowrap" py={8} style={{borderTop: '1px solid var(--py-line)'}}>
              <Group gap="sm" wrap="nowrap">
                <ThemeIcon variant="light" color={turn === 'worse' ? 'ember' : 'petrol'} aria-hidden><Icon size={17} /></ThemeIcon>
                <div>
                  <PersonName person={person} />
                  <Text size="xs" c="dimmed">{turn === 'worse' ? <Trans>More strain than before</Trans> : <Trans>Less strain than before</Trans>}</Text>
                </div>
              </Group>
              <Group gap="xs" justify="flex-end">
                <Sparkline values={weeks} width={110} height={32} label={t`${weeks.length} weeks, the newest ${number(weeks.at(-1))}`} />
                {level && <RiskBadge risk={level} />}
              </Group>
            </Group>
          );
        })}
      </Stack>
      {more > 0 && <Text size="sm" c="dimmed" pt="xs"><Trans>And {more} more: the list of people can be sorted by risk.</Trans></Text>}
      {all.length > 0 && <NotADiagnosis />}
    </Card>
  );
}
