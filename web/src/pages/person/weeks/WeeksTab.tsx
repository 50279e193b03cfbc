import {Trans, useLingui} from '@lingui/react/macro';
import {Button, Group, Select, Stack} from '@mantine/core';
import {IconActivityHeartbeat, IconFileText} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {useMemo, useState} from 'react';
import {slugOf} from '@/api/problem';
import {responsesQuery, sessionsOfQuery, trendQuery} from '@/api/records';
import {showsExpressions, useAccount} from '@/app/account';
import {timeZone} from '@/shared/format';
import {useReport} from '@/shared/jobs/useReport';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {PageLoading} from '@/shared/ui/PageLoading';
import type {TabProps} from '../PersonRecord';
import {useSurveyTitles} from '../useSurveyTitles';
import {Alerts} from './Alerts';
import {Compare} from './Compare';
import {CourseCard} from './CourseCard';
import {EmotionTrends} from './EmotionTrends';
import {Headline} from './Headline';

const kIndex = 'index';

/** How a person's weeks went: the index or a questionnaire, with what can be said about it, and how surely. */
export function WeeksTab({person, own}: TabProps) {
  const {t} = useLingui();
  const {account, site} = useAccount();
  const expressions = showsExpressions(site);
  const titles = useSurveyTitles();
  const sessions = useQuery(sessionsOfQuery(person.id));
  const responses = useQuery(responsesQuery(person.id));
  const scales = useMemo(() => {
    const found = new Map<string, {instrument: string; scale: string; label: string}>();
    for (const response of responses.data ?? []) {
      for (const scale of response.score.scales) found.set(`${response.instrument}/${scale.scale}`, {instrument: response.instrument, scale: scale.scale, label: `${titles.get(response.instrument) ?? response.instrument}: ${scale.title}`});
    }
    return found;
  }, [responses.data, titles]);
  const [chosen, setChosen] = useState<string | null>(null);
  const measure = chosen ?? (expressions ? kIndex : scales.keys().next().value ?? null);
  const scale = measure ? scales.get(measure) : undefined;
  const trend = useQuery({...trendQuery(person.id, scale?.instrument, scale?.scale), enabled: measure !== null, retry: false});
  const report = useReport({kind: 'report', person: person.id, options: {timezone: timeZone, ...(scale ? {survey: scale.instrument, scale: scale.scale} : {})}});
  const alertsShown = expressions && (own || account.role === 'clinician');

  if (sessions.error ?? responses.error) return <Failure error={sessions.error ?? responses.error} retry={() => { void sessions.refetch(); void responses.refetch(); }} />;
  if (!sessions.data || !responses.data) return <PageLoading />;
  const choose = (scales.size > 0) && (
    <Select size="xs" w={260} aria-label={t`What is followed`} allowDeselect={false} value={measure} onChange={setChosen} comboboxProps={{withinPortal: true}}
      data={[...(expressions ? [{value: kIndex, label: t`Index of the sessions`}] : []), ...[...scales].map(([value, {label}]) => ({value, label}))]} />
  );
  const refused = slugOf(trend.error) === 'consent-missing';
  const nothing = measure === null || refused || slugOf(trend.error) === 'nothing-yet';
  return (
    <Stack>
      {nothing ? (
        <Card title={<Trans>Weeks</Trans>} aside={choose}>
          <EmptyState icon={IconActivityHeartbeat} title={<Trans>Nothing to follow yet</Trans>}>
            {refused ? <Trans>A course over weeks is kept and shown only while storing observations is agreed to. The tab Consents shows what is.</Trans> : expressions ? <Trans>After the first sessions in which the face could be read, their index appears here as a course over weeks. Two days in a week are enough for a weekly level, from the third week on.</Trans>
              : <Trans>After the first questionnaires, their scores appear here as a course over weeks.</Trans>}
          </EmptyState>
        </Card>
      ) : trend.error ? <Failure error={trend.error} retry={() => void trend.refetch()} /> : !trend.data ? <PageLoading /> : (
        <>
          <Headline trend={trend.data} own={own} index={!scale} model={sessions.data.find((session) => session.model)?.model ?? null} />
          {alertsShown && <Alerts person={person} own={own} />}
          <CourseCard trend={trend.data} sessions={sessions.data} responses={responses.data} scales={scales} measured={scale ?? null} choose={choose} />
          <Group className="py-no-print"><Button variant="light" leftSection={<IconFileText size={18} aria-hidden />} loading={report.busy} onClick={() => void report.saveFile('trend.pdf', `weeks-${person.pseudonym}.pdf`)}><Trans>Report of the weeks (PDF)</Trans></Button></Group>
          <Compare sessions={sessions.data} responses={responses.data} scales={scales} expressions={expressions} />
        </>
      )}
      {expressions && <EmotionTrends sessions={sessions.data} />}
    </Stack>
  );
}
