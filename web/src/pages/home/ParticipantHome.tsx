import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Box, Button, Group, List, SimpleGrid, Skeleton, Stack, Text, Title} from '@mantine/core';
import {IconArrowRight, IconChartLine, IconMoodSmile} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {api, body} from '@/api/client';
import {allRows} from '@/api/pages';
import {showsExpressions, type Site} from '@/app/account';
import {currentLanguage} from '@/i18n';
import {date, number, relative} from '@/shared/format';
import {slugOf} from '@/api/problem';
import {fetchTrend} from '@/shared/people/trend';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import {RiskBadge} from '@/shared/ui/RiskBadge';
import {Sparkline} from '@/shared/ui/Sparkline';
import {OwnConsents} from './OwnConsents';

const kCheckIn = 'checkin';

/** The one thing to do, when it was last done. */
function CheckIn({person}: {person: string}) {
  const last = useQuery({
    queryKey: ['home', 'last-check-in', person],
    queryFn: async () => {
      const [sessions, responses] = await Promise.all([
        body(api.GET('/api/v1/sessions', {params: {query: {person, limit: 1}}})),
        allRows((after) => body(api.GET('/api/v1/responses', {params: {query: {person, instrument: kCheckIn, limit: 200, ...after}}}))),
      ]);
      const times = [...sessions.rows.map((each) => each.started), ...responses.map((each) => each.taken)].map(Date.parse);
      return times.length > 0 ? Math.max(...times) : null;
    },
  });
  return (
    <Box className="py-paper" p={{base: 'lg', sm: 'xl'}}>
      <Stack align="center" ta="center" gap="sm">
        <Title order={2}><Trans>How are you today?</Trans></Title>
        <Text c="dimmed" maw={420}><Trans>Two quiet minutes: look into the camera, answer a few questions, see how it goes on. You can stop at any time.</Trans></Text>
        <Button component={Link} to="/check-in" size="xl" radius="xl" mt="xs" leftSection={<IconMoodSmile size={24} aria-hidden />}><Trans>Start a check-in</Trans></Button>
        {last.isPending && <Skeleton height={16} width={160} />}
        {last.data !== undefined && (
          <Text size="sm" c="dimmed">{last.data === null ? <Trans>This is your first.</Trans> : <Trans>Your last one was {relative(last.data)}.</Trans>}</Text>
        )}
      </Stack>
    </Box>
  );
}

function OwnTrend({person, site}: {person: string; site: Site}) {
  const {t} = useLingui();
  const expressions = showsExpressions(site);
  const trend = useQuery({
    queryKey: ['people', person, 'trend', 'home', expressions],
    queryFn: () => fetchTrend(person, expressions ? undefined : kCheckIn),
  });
  // Before the first check-in, or where nothing is kept, there is no line; that is no fault.
  const none = ['nothing-yet', 'consent-missing'].includes(slugOf(trend.error) ?? '');
  const weeks = (trend.data?.weeks ?? []).slice(-12);
  const valued = weeks.filter((week) => week.value !== null);
  const newest = valued.at(-1);
  return (
    <Card title={<Trans>Your weeks</Trans>} aside={<Button component={Link} to="/me" size="compact-sm" variant="subtle" rightSection={<IconArrowRight size={15} aria-hidden />}><Trans>My record</Trans></Button>}>
      {trend.isPending && <Skeleton height={90} />}
      {trend.error && !none && <Failure error={trend.error} retry={trend.refetch} />}
      {(trend.data || none) && valued.length < 2 && (
        <EmptyState icon={IconChartLine} title={<Trans>Your line begins with the second week</Trans>}><Trans>A week counts when there was a check-in on two days of it or more.</Trans></EmptyState>
      )}
      {newest && valued.length >= 2 && (
        <Stack gap="sm">
          <Sparkline values={weeks.map((week) => week.value)} width={520} height={96} label={t`Your last ${weeks.length} weeks: from ${number(valued[0]?.value)} to ${number(newest.value)}`} />
          <Group justify="space-between">
            <Text size="sm"><Trans>Week of {date(newest.monday)}</Trans></Text>
            {newest.level ? <RiskBadge risk={newest.level} /> : <Badge variant="light" color="gray" tt="none"><Trans>Not rated yet</Trans></Badge>}
          </Group>
          <Text size="sm" c="dimmed">{trend.data?.higher === 'worse' ? <Trans>Higher means more strain. What counts is where it goes over weeks, not a single point.</Trans> : <Trans>Higher means less strain. What counts is where it goes over weeks, not a single point.</Trans>}</Text>
          <NotADiagnosis />
        </Stack>
      )}
    </Card>
  );
}

/** What the person's own alerts suggest; the newest that is not closed. */
function Suggestion({person}: {person: string}) {
  const alerts = useQuery({queryKey: ['alerts', 'own', person], queryFn: () => body(api.GET('/api/v1/alerts', {params: {query: {person, limit: 20, language: currentLanguage()}}}))});
  const alert = alerts.data?.rows.find((each) => each.state !== 'followed_up');
  if (!alert) return null;
  return (
    <Card title={<Trans>Something to look at</Trans>}>
      <Stack gap="xs">
        <Text fw={600}>{alert.title}</Text>
        <Text size="sm">{alert.text}</Text>
        {alert.suggestion && <List size="sm" spacing={4}>{alert.suggestion.split('\n').filter(Boolean).map((line) => <List.Item key={line}>{line}</List.Item>)}</List>}
        <NotADiagnosis />
      </Stack>
    </Card>
  );
}

/** A calm page: one thing to do, how it goes on, what was agreed to. */
export function ParticipantHome({person, site}: {person: string; site: Site}) {
  return (
    <Stack maw={980} gap="md">
      <CheckIn person={person} />
      <Suggestion person={person} />
      <SimpleGrid cols={{base: 1, md: 2}} spacing="md" style={{alignItems: 'start'}}>
        <OwnTrend person={person} site={site} />
        <OwnConsents person={person} />
      </SimpleGrid>
    </Stack>
  );
}
