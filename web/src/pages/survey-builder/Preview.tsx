import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Group, Stack, Text} from '@mantine/core';
import {keepPreviousData, useQuery} from '@tanstack/react-query';
import {useCallback, useMemo, useState} from 'react';
import {api, body} from '@/api/client';
import {slugOf} from '@/api/problem';
import {Card} from '@/shared/ui/Card';
import {describe} from '@/shared/ui/problemText';
import {Item} from '@/shared/surveys/Item';
import {Scores} from '@/shared/surveys/Scores';
import {editionsKey, type Draft, type Edition} from './queries';

interface Props {
  row: Edition;
  draft: Draft;
  /** What is kept is what is shown, so that the server can count by it. */
  settled: boolean;
  language: string;
}

/** As whoever answers it sees it; what is ticked here is counted by the server and kept nowhere. */
export function Preview({row, draft, settled, language}: Props) {
  const {t} = useLingui();
  const [ticked, setTicked] = useState<Record<number, number>>({});
  const {min, max} = draft.answers;
  const wording = draft.wording?.[language];
  const answers = Array.from({length: draft.items}, (_, at) => { const value = ticked[at]; return value !== undefined && value >= min && value <= max ? value : null; });
  const any = answers.some((each) => each !== null);
  const options = useMemo(() => Array.from({length: Math.max(0, max - min + 1)}, (_, at) => ({value: min + at, label: wording?.answers[at] || String(min + at)})), [min, max, wording]);
  const choose = useCallback((at: number, value: number) => setTicked((before) => ({...before, [at]: value})), []);
  const trial = useQuery({
    queryKey: [...editionsKey, row.id, 'trial', row.version, answers],
    queryFn: async () => (await body(api.POST('/api/v1/survey-definitions/{definition}/trial', {params: {path: {definition: row.id}}, body: {answers}}))).scales,
    enabled: any && settled,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: Infinity,
  });
  const faulty = slugOf(trial.error) === 'has-faults';
  return (
    <Stack gap="md">
      <Card title={<Trans>As it is answered</Trans>} aside={any ? <Button size="compact-sm" variant="subtle" onClick={() => setTicked({})}><Trans>Clear</Trans></Button> : undefined} lead={<Trans>Tick answers to try the scores. Nothing of it is kept.</Trans>}>
        <Stack gap="sm" lang={wording ? language : undefined}>
          <Text fw={650} fz="lg">{draft.title || t`Untitled`}</Text>
          {(wording?.instruction || !wording) && <Text size="sm" style={{whiteSpace: 'pre-line'}}>{wording ? wording.instruction : t`Read each question from your licensed sheet and tick the answer here.`}</Text>}
          {answers.map((value, at) => <TryItem key={at} at={at} text={wording?.items[at] || (wording ? '…' : t`Item ${at + 1}`)} options={options} value={value} choose={choose} />)}
        </Stack>
      </Card>
      <Card title={<Trans>What it comes to</Trans>}>
        {faulty ? <Alert variant="light" color="ember"><Trans>Scores appear here once the numbers of the questionnaire fit together; see what is left to do.</Trans></Alert>
          : trial.error && any ? <Alert variant="light" color="red" role="alert">{describe(trial.error)}</Alert>
            : any && trial.data ? <Scores score={{scales: trial.data, unvalidated: draft.unvalidated ?? false}} />
              : <Group><Text size="sm" c="dimmed"><Trans>The scores of what you tick stand here, counted as they will be counted.</Trans></Text></Group>}
      </Card>
    </Stack>
  );
}

function TryItem({at, choose, ...item}: {at: number; text: string; options: readonly {value: number; label: string}[]; value: number | null; choose: (at: number, value: number) => void}) {
  const onChoose = useCallback((value: number) => choose(at, value), [at, choose]);
  return <Item number={at + 1} {...item} onChoose={onChoose} />;
}
