import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Box, Button, Text} from '@mantine/core';
import {IconUserQuestion} from '@tabler/icons-react';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useCallback, useState} from 'react';
import {api} from '@/api/client';
import {Problem} from '@/api/problem';
import {showsExpressions, useAccount} from '@/app/account';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Page} from '@/shared/ui/Page';
import {describe} from '@/shared/ui/problemText';
import {tell} from '@/shared/ui/toasts';
import {CameraScreen} from './CameraScreen';
import {ConsentScreen} from './ConsentScreen';
import {QuestionsScreen} from './QuestionsScreen';
import {ResultScreen} from './ResultScreen';
import {StoppedScreen} from './StoppedScreen';
import {fresh, keepProgress, readProgress, type Progress} from './progress';
import classes from './check-in.module.css';

/** A participant's own short look at how they are. */
export default function CheckInPage() {
  const {t} = useLingui();
  const {account, site} = useAccount();
  return (
    <Page title={t`Check-in`} lead={t`Two or three minutes for yourself.`} narrow>
      <Box className={classes.frame}>
        {account.person
          ? <Flow person={account.person} expressions={showsExpressions(site)} />
          : <EmptyState icon={IconUserQuestion} title={<Trans>Your account has no record yet</Trans>}><Trans>A check-in belongs to your own record. Ask your administrator to join your account to it.</Trans></EmptyState>}
      </Box>
    </Page>
  );
}

function Flow({person, expressions}: {person: string; expressions: boolean}) {
  const queryClient = useQueryClient();
  const [progress, setProgress] = useState<Progress>(() => readProgress(person));
  const go = useCallback((change: Partial<Progress> | null) => {
    setProgress((before) => {
      const next = change === null ? fresh : {...before, ...change};
      keepProgress(person, next);
      return next;
    });
  }, [person]);
  const {session} = progress;

  const end = useMutation({
    mutationFn: async (which: string) => {
      try {
        await api.POST('/api/v1/sessions/{session}/end', {params: {path: {session: which}}});
      } catch (problem) {
        // It has ended already, e.g. when this was asked for a moment ago and the answer was lost.
        if (!(problem instanceof Problem) || problem.status !== 409) throw problem;
      }
    },
    onSuccess: () => { go({step: 'questions'}); void queryClient.invalidateQueries({queryKey: ['sessions']}); },
    retry: 3,
  });
  const discard = useMutation({
    mutationFn: (which: string) => api.DELETE('/api/v1/sessions/{session}', {params: {path: {session: which}}}),
    onSuccess: () => { go(null); tell(<Trans>It was removed. Nothing of it was kept.</Trans>); },
  });
  const {mutate: endIt} = end;
  const done = useCallback(() => { if (session) endIt(session); }, [session, endIt]);
  const stop = useCallback(() => go({step: 'stopped'}), [go]);
  const withdrawn = useCallback(() => { go(null); tell(<Trans>You have withdrawn your consent. The camera is off.</Trans>); }, [go]);
  const failure = end.error ?? discard.error;

  return (
    <>
      {failure && (
        <Alert color="red" variant="light" role="alert" mb="md">
          <Text size="sm">{describe(failure)}</Text>
          {end.isError && session && <Button size="compact-sm" variant="default" mt="xs" onClick={() => endIt(session)}><Trans>Try again</Trans></Button>}
        </Alert>
      )}
      {progress.step === 'consent' && <ConsentScreen person={person} expressions={expressions} onStart={(made) => go({step: 'camera', session: made})} onOnlyQuestions={() => go({step: 'questions', session: null})} />}
      {progress.step === 'camera' && session && <CameraScreen session={session} onDone={done} onStop={stop} onWithdrawn={withdrawn} />}
      {progress.step === 'stopped' && session && <StoppedScreen busy={end.isPending} onKeep={done} onDiscard={() => discard.mutate(session)} />}
      {progress.step === 'questions' && <QuestionsScreen person={person} session={session} answers={progress.answers} onAnswers={(answers) => go({answers})} onDone={(response) => go({step: 'result', response: response.id})} />}
      {progress.step === 'result' && <ResultScreen person={person} session={session} response={progress.response} expressions={expressions} onAgain={() => go(null)} />}
    </>
  );
}
