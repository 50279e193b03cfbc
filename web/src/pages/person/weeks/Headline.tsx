import {Plural, Trans} from '@lingui/react/macro';
import {Group, SimpleGrid, Stack, Text} from '@mantine/core';
import type {ReactNode} from 'react';
import type {Trend} from '@/api/records';
import {date, number} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import {RiskBadge} from '@/shared/ui/RiskBadge';

function Fact({label, children}: {label: ReactNode; children: ReactNode}) {
  return (
    <Stack gap={4} align="flex-start">
      <Text size="xs" c="dimmed">{label}</Text>
      {children}
    </Stack>
  );
}

function Direction({direction}: {direction: Trend['direction']}) {
  if (direction === 'worse') return <Trans>Strain is rising</Trans>;
  if (direction === 'better') return <Trans>Strain is falling</Trans>;
  return <Trans>No clear direction</Trans>;
}

/** What the weeks say, in words; a part that cannot be told says so. */
export function Headline({trend, own, index, model}: {trend: Trend; own: boolean; index: boolean; model: string | null}) {
  const rated = trend.weeks.findLast((week) => week.level !== null);
  const slope = 'per_week' in trend.trend ? trend.trend : null;
  const change = 'points' in trend.changes ? trend.changes.points.at(-1) : undefined;
  const steps = 'before' in trend.reliable_change ? trend.reliable_change : null;
  return (
    <Card>
      <SimpleGrid cols={{base: 1, xs: 2, md: 4}} spacing="lg">
        <Fact label={<Trans>Risk, last rated week</Trans>}>
          {rated?.level ? <Group gap="xs"><RiskBadge risk={rated.level} /><Text size="sm" c="dimmed"><Trans>week of {date(`${rated.monday}T12:00:00`)}</Trans></Text></Group>
            : <Text size="sm"><Trans>Not rated yet: the log starts with the third week that has two days of values.</Trans></Text>}
        </Fact>
        <Fact label={<Trans>Direction over all weeks</Trans>}>
          <Text size="sm" fw={600}><Direction direction={trend.direction} /></Text>
          {slope && <Text size="sm" className="py-number"><Trans>{number(slope.per_week, 2)} a week (95 %: {number(slope.per_week_95[0], 2)} to {number(slope.per_week_95[1], 2)})</Trans></Text>}
        </Fact>
        <Fact label={own ? <Trans>Against your own first weeks</Trans> : <Trans>Against the own first weeks</Trans>}>
          {steps ? (
            <>
              <Text size="sm" fw={600}>{steps.change === 'worse' ? <Trans>Higher strain now</Trans> : steps.change === 'better' ? <Trans>Lower strain now</Trans> : <Trans>No reliable change</Trans>}</Text>
              <Text size="sm" className="py-number"><Trans>from {number(steps.before, 1)} to {number(steps.after, 1)}</Trans></Text>
            </>
          ) : <Text size="sm"><Trans>Cannot be told yet; it needs about six weeks.</Trans></Text>}
        </Fact>
        <Fact label={<Trans>Last change of level</Trans>}>
          {change ? <Text size="sm" className="py-number"><Trans>{date(`${change.day}T12:00:00`)}: median from {number(change.median_before, 1)} to {number(change.median_after, 1)}</Trans></Text>
            : 'points' in trend.changes ? <Text size="sm"><Trans>None was found.</Trans></Text> : <Text size="sm"><Trans>Cannot be told yet; it needs 14 days with values.</Trans></Text>}
        </Fact>
      </SimpleGrid>
      <Text size="xs" c="dimmed" mt="md"><Plural value={trend.days} one="# day with a value" other="# days with a value" /> · <Trans>The weekly levels are a rule that no survey has confirmed.</Trans></Text>
      {index ? <NotADiagnosis model={model} /> : <Text size="xs" c="dimmed"><Trans>A questionnaire's score is no diagnosis.</Trans></Text>}
    </Card>
  );
}
