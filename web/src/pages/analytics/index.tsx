import {Trans, useLingui} from '@lingui/react/macro';
import {Group, MultiSelect, SegmentedControl, Stack, Text, TextInput} from '@mantine/core';
import {IconChartDots} from '@tabler/icons-react';
import {useQueries, useQuery} from '@tanstack/react-query';
import {useMemo, useState} from 'react';
import {api, body} from '@/api/client';
import {peopleQuery} from '@/api/records';
import {midnightOf} from '@/shared/format/days';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import {Page} from '@/shared/ui/Page';
import {PageLoading} from '@/shared/ui/PageLoading';
import {TeamPicker, useTeams} from '@/shared/ui/TeamPicker';
import {HeatMap} from './HeatMap';
import {Moments} from './Moments';
import {merge} from './topics';

/** At once; more people than this are asked for one after the other by the browser anyway. */
const kMostPeople = 200;

/** Which words go with which expressions: of one person, of several, of a team's, of a stretch of time. */
export default function AnalyticsPage() {
  const {t} = useLingui();
  const people = useQuery(peopleQuery);
  const teams = useTeams();
  const [team, setTeam] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string[]>([]);
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [show, setShow] = useState<'share' | 'effect'>('effect');
  const [word, setWord] = useState<string | null>(null);
  const names = useMemo(() => new Map(people.data?.map((person) => [person.id, person.name ?? person.pseudonym])), [people.data]);
  const within = team === null ? null : teams.peopleOf(team);
  const offered = (people.data ?? []).flatMap(({id}) => (within === null || within.has(id) ? [id] : []));
  const asked = (chosen.length > 0 ? chosen : offered).slice(0, kMostPeople);
  const period = {from: from ? midnightOf(from).toISOString() : undefined, until: until ? new Date(midnightOf(until).getTime() + 86_399_000).toISOString() : undefined};
  const answers = useQueries({
    queries: asked.map((person) => ({
      queryKey: ['topics', person, period.from ?? null, period.until ?? null], staleTime: 60_000, retry: false,
      queryFn: async () => (await body(api.GET('/api/v1/people/{person}/topics', {params: {path: {person}, query: period}}))).rows,
    })),
    combine: (results) => ({rows: results.map(({data}) => data ?? []), waiting: results.some(({isPending}) => isPending), refused: results.filter(({error}) => error).length}),
  });
  const rows = useMemo(() => merge(answers.rows), [answers.rows]);
  if (people.error) return <Failure error={people.error} retry={() => void people.refetch()} />;
  if (!people.data) return <PageLoading />;
  return (
    <Page title={t`Analytics`} lead={<Trans>Which topics go with which expressions. Keywords come from live sessions and their review.</Trans>}>
      <Stack>
        <Card>
          <Group align="flex-end" gap="md">
            <TeamPicker teams={teams} value={team} onChange={(next) => { setTeam(next); setChosen([]); }} />
            <MultiSelect label={<Trans>People</Trans>} placeholder={chosen.length === 0 ? t`everybody` : undefined} searchable clearable limit={50} w={{base: '100%', sm: 360}} value={chosen} onChange={setChosen}
              data={offered.map((id) => ({value: id, label: names.get(id) ?? id}))} />
            <TextInput type="date" label={<Trans>From</Trans>} value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
            <TextInput type="date" label={<Trans>Until</Trans>} value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
            <SegmentedControl value={show} onChange={(value) => setShow(value as typeof show)} aria-label={t`What is shown`} data={[{value: 'effect', label: t`Effect`}, {value: 'share', label: t`Share`}]} />
          </Group>
        </Card>
        <Card title={<Trans>Keywords and expressions</Trans>} lead={show === 'effect' ? <Trans>How much more or less of an expression was seen while a keyword held than over all keywords, in percentage points.</Trans> : <Trans>Mean share of each expression while a keyword held.</Trans>}>
          {answers.waiting && rows.length === 0 ? <PageLoading /> : rows.length === 0 ? (
            <EmptyState icon={IconChartDots} title={<Trans>No keywords here</Trans>}>
              <Trans>Mark what is talked about with keywords, in a live session or on its time line afterwards; here they stand beside what the face expressed.</Trans>
            </EmptyState>
          ) : <HeatMap rows={rows} show={show} onWord={setWord} word={word} />}
          {offered.length > kMostPeople && chosen.length === 0 && <Text size="xs" c="dimmed" mt="xs"><Trans>Of {offered.length} people these are the first {kMostPeople}; choose whom you mean to see others.</Trans></Text>}
          {answers.refused > 0 && <Text size="xs" c="dimmed" mt="xs"><Trans>{answers.refused} people are left out: what they agreed to does not allow it.</Trans></Text>}
          <NotADiagnosis />
        </Card>
        {word && <Moments key={word} word={word} people={chosen.length > 0 || team !== null ? asked : []} nameOf={(person) => names.get(person) ?? '…'} />}
      </Stack>
    </Page>
  );
}
