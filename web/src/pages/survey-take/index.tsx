import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Box, Button, Group, Progress, Skeleton, Stack, Text} from '@mantine/core';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {Link, useParams, useSearch} from '@tanstack/react-router';
import {useEffect, useMemo, useState, type FormEvent} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import {useAccount} from '@/app/account';
import {Card} from '@/shared/ui/Card';
import {Failure} from '@/shared/ui/Failure';
import {Page} from '@/shared/ui/Page';
import {describe} from '@/shared/ui/problemText';
import {Scores} from '@/shared/surveys/Scores';
import {surveyQuery, type Survey} from '@/shared/surveys/queries';
import {Item} from '@/shared/surveys/Item';

type Answers = (number | null)[];
interface Draft {
  answers: Answers;
  /** The same answers are kept once, however often they are sent. */
  key: string;
}

/** What was ticked so far, kept in this browser until it is sent. */
function useDraft(name: string, items: number) {
  const [draft, setDraft] = useState<Draft>(() => {
    try {
      const kept = JSON.parse(localStorage.getItem(name) ?? '') as Draft;
      if (kept.answers.length === items && kept.key) return kept;
    } catch { /* none, or another questionnaire's */ }
    return {answers: Array<number | null>(items).fill(null), key: idempotencyKey()};
  });
  useEffect(() => {
    if (draft.answers.some((each) => each !== null)) localStorage.setItem(name, JSON.stringify(draft));
  }, [name, draft]);
  return {draft, setDraft, forget: () => localStorage.removeItem(name)};
}

function Form({survey, person, session}: {survey: Survey; person: string; session: string | undefined}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const {draft, setDraft, forget} = useDraft(`pyrometer.survey.${survey.id}.${survey.version}.${person}`, survey.items);
  const wording = survey.wording;
  const answered = draft.answers.filter((each) => each !== null).length;
  const send = useMutation({
    mutationFn: () => body(api.POST('/api/v1/responses', {
      params: {header: {'Idempotency-Key': draft.key}},
      body: {person, instrument: survey.id, version: survey.version, answers: draft.answers, ...(session ? {session} : {}), ...(wording ? {language: wording.language} : {})},
    })),
    onSuccess: () => {
      forget();
      void queryClient.invalidateQueries({queryKey: ['responses']});
      window.scrollTo(0, 0);
    },
  });
  const options = useMemo(() => Array.from({length: survey.answers.max - survey.answers.min + 1}, (_, at) => ({value: survey.answers.min + at, label: wording?.answers[at] ?? String(survey.answers.min + at)})), [survey, wording]);
  const choose = (at: number, value: number) => setDraft({...draft, answers: draft.answers.map((each, index) => (index === at ? value : each))});
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };

  if (send.data) {
    return (
      <Stack gap="lg">
        <Card title={<Trans>Thank you. Your answers are kept.</Trans>}><Scores score={send.data.score} /></Card>
        <Group>
          <Button component={Link} to={`/surveys/${survey.id}`} search={{person} as never}><Trans>See it beside earlier answers</Trans></Button>
          <Button component={Link} to="/surveys" search={{person} as never} variant="default"><Trans>Other questionnaires</Trans></Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        <Text>{wording?.instruction ?? t`Read each question from your licensed sheet and tick the answer here.`}</Text>
        <Stack gap="sm">
          {draft.answers.map((value, at) => <Item key={at} number={at + 1} text={wording?.items[at] ?? t`Item ${at + 1}`} options={options} value={value} onChoose={(next) => choose(at, next)} />)}
        </Stack>
        {send.error && <Alert color="red" variant="light" role="alert">{describe(send.error)}</Alert>}
        <Box className="py-paper" p="md" style={{position: 'sticky', bottom: 42, zIndex: 2}}>
          <Group justify="space-between" wrap="nowrap" gap="md">
            <Box flex={1}>
              <Text size="sm" className="py-number"><Trans>{answered} of {survey.items} answered</Trans></Text>
              <Progress value={(100 * answered) / survey.items} size="sm" mt={4} aria-label={t`How far you are`} />
            </Box>
            <Button type="submit" loading={send.isPending} disabled={answered === 0}>{answered < survey.items ? <Trans>Send as it is</Trans> : <Trans>Send</Trans>}</Button>
          </Group>
        </Box>
      </Stack>
    </form>
  );
}

/** A questionnaire to be answered; scored at once. */
export default function TakeSurveyPage() {
  const {t} = useLingui();
  const {account} = useAccount();
  const {survey: id} = useParams({strict: false}) as {survey: string};
  const search = useSearch({strict: false}) as {person?: string; session?: string};
  const survey = useQuery(surveyQuery(id));
  const person = account.role === 'participant' ? account.person : (search.person ?? null);
  if (survey.isError) return <Failure error={survey.error} retry={() => void survey.refetch()} />;
  if (survey.isPending) return <Page title={t`Survey`} narrow><Skeleton height={420} /></Page>;
  return (
    <Page title={survey.data.title} narrow lead={<Trans>About {survey.data.period}. A question may be left out. What you tick is kept here until you send it.</Trans>}>
      {person ? <Form key={`${id}${person}`} survey={survey.data} person={person} session={search.session} />
        : <Card><Text size="sm"><Trans>Choose first who answers.</Trans></Text><Button component={Link} to="/surveys" mt="sm"><Trans>Choose a person</Trans></Button></Card>}
    </Page>
  );
}
