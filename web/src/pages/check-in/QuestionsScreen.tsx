import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Group, Progress, Skeleton, Stack, Text, Title} from '@mantine/core';
import {IconArrowLeft} from '@tabler/icons-react';
import {useMutation, useQuery} from '@tanstack/react-query';
import {useEffect, useRef, useState} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import type {components} from '@/api/schema';
import {currentLanguage} from '@/i18n';
import {Card} from '@/shared/ui/Card';
import {Failure} from '@/shared/ui/Failure';
import {describe} from '@/shared/ui/problemText';
import classes from './check-in.module.css';

export const kInstrument = 'checkin';
type Response = components['schemas']['Response'];

interface Props {
  person: string;
  session: string | null;
  answers: (number | null)[];
  onAnswers: (answers: (number | null)[]) => void;
  onDone: (response: Response) => void;
}

async function survey() {
  const ask = (language: string) => body(api.GET('/api/v1/surveys/{survey}', {params: {path: {survey: kInstrument}, query: {language}}}));
  const known = await ask(currentLanguage());
  return known.wording ? known : ask('en');
}

/** One question at a time, big enough for a thumb; any may be left out. */
export function QuestionsScreen({person, session, answers, onAnswers, onDone}: Props) {
  const {t} = useLingui();
  const definition = useQuery({queryKey: ['survey', kInstrument, currentLanguage()], queryFn: survey});
  const [at, setAt] = useState(Math.max(0, answers.length));
  const [key] = useState(idempotencyKey);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [at]);
  const send = useMutation({
    mutationFn: (all: (number | null)[]) => body(api.POST('/api/v1/responses', {
      params: {header: {'Idempotency-Key': key}},
      body: {person, instrument: kInstrument, answers: all, ...(session ? {session} : {}), ...(definition.data?.wording ? {language: definition.data.wording.language} : {})},
    })),
    onSuccess: onDone,
  });
  if (definition.isPending) return <Skeleton height={320} />;
  const wording = definition.data?.wording;
  if (definition.isError || !wording) return <Failure error={definition.error} retry={() => void definition.refetch()} />;
  const {items} = wording;
  const answer = (value: number | null) => {
    const next = [...answers];
    next[at] = value;
    onAnswers(next);
    if (at + 1 < items.length) setAt(at + 1);
    else send.mutate(items.map((_, index) => next[index] ?? null));
  };
  const last = Math.min(at, items.length - 1);
  const {min} = definition.data.answers;
  return (
    <Card>
      <Stack gap="md">
        <div>
          <Text size="sm" c="dimmed"><Trans>Question {last + 1} of {items.length}</Trans></Text>
          <Progress value={(100 * last) / items.length} mt={4} aria-label={t`How far you are`} />
        </div>
        <Text size="sm" c="dimmed">{wording.instruction}</Text>
        <Title order={2} ref={heading} tabIndex={-1} style={{outline: 'none'}}>{items[last]}</Title>
        <Stack gap="xs" role="radiogroup" aria-label={items[last]}>
          {wording.answers.map((label, index) => (
            <button key={label} type="button" role="radio" aria-checked={answers[last] === min + index} className={classes.answer} disabled={send.isPending} onClick={() => answer(min + index)}>{label}</button>
          ))}
        </Stack>
        {send.isError && (
          <Alert color="red" variant="light" role="alert">
            <Stack gap="xs" align="flex-start"><Text size="sm">{describe(send.error)}</Text><Button size="compact-sm" variant="default" onClick={() => send.mutate(items.map((_, index) => answers[index] ?? null))}><Trans>Send again</Trans></Button></Stack>
          </Alert>
        )}
        <Group justify="space-between">
          <Button variant="subtle" leftSection={<IconArrowLeft size={16} aria-hidden />} disabled={last === 0} onClick={() => setAt(last - 1)}><Trans>Back</Trans></Button>
          <Button variant="subtle" onClick={() => answer(null)}><Trans>Leave this one out</Trans></Button>
        </Group>
      </Stack>
    </Card>
  );
}
