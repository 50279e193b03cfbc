import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Group, Stack, Text} from '@mantine/core';
import {IconLock} from '@tabler/icons-react';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {Link, useNavigate} from '@tanstack/react-router';
import {useState} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import {currentLanguage} from '@/i18n';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {Page} from '@/shared/ui/Page';
import {tellFailure} from '@/shared/ui/toasts';
import {Preview} from './Preview';
import {editionsKey, unchanged, type Edition} from './queries';
import {LanguageBar} from './Questions';
import {useStateNames} from './words';

/** An edition that people may have answered: it is shown and tried, never changed. */
export function Published({row, onChanged}: {row: Edition; onChanged: (row: Edition) => void}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const states = useStateNames();
  const {definition} = row;
  const there = Object.keys(definition.wording ?? {});
  const [language, setLanguage] = useState(there.includes(currentLanguage()) ? currentLanguage() as string : (there[0] ?? ''));
  const [key] = useState(idempotencyKey);
  const next = useMutation({
    mutationFn: () => body(api.POST('/api/v1/survey-definitions', {params: {header: {'Idempotency-Key': key}}, body: {survey: row.survey, definition}})),
    onSuccess: (made) => {
      void queryClient.invalidateQueries({queryKey: editionsKey, exact: true});
      void navigate({to: `/surveys/own/${made.id}`});
    },
    onError: tellFailure,
  });
  const given = useMutation({
    mutationFn: (on: boolean) => body(on ? api.POST('/api/v1/survey-definitions/{definition}/publication', {params: unchanged(row)}) : api.DELETE('/api/v1/survey-definitions/{definition}/publication', {params: unchanged(row)})),
    onSuccess: (now) => {
      void queryClient.invalidateQueries({queryKey: ['surveys']});
      void queryClient.invalidateQueries({queryKey: ['survey', row.survey]});
      onChanged(now);
    },
    onError: tellFailure,
  });
  return (
    <Page title={definition.title} lead={<>{row.survey} · <Trans>Edition {row.edition}</Trans> · {states[row.state]}</>} narrow actions={
      <>
        <Button component={Link} to={`/surveys/${row.survey}`} variant="default"><Trans>Scoring and history</Trans></Button>
        <Button loading={next.isPending} onClick={() => next.mutate()}><Trans>Change it as the next edition</Trans></Button>
      </>
    }>
      <Stack gap="lg">
        <Alert variant="light" color="gray" icon={<IconLock aria-hidden />} title={<Trans>What was published stays as it is</Trans>}>
          <Stack gap="xs">
            <Text size="sm"><Trans>Answers that were given to this edition are counted by it for good. A change is a new edition; the newest one is answered.</Trans></Text>
            <Group>
              {row.state === 'published' && <ConfirmButton size="compact-sm" title={t`Stop giving it?`} question={<Trans>Nobody can answer it any more at this site. What was answered stays, with its scores. You can give it again later.</Trans>} verb={t`Stop giving it`} onConfirm={async () => { await given.mutateAsync(false); }}><Trans>Stop giving it</Trans></ConfirmButton>}
              {row.state === 'retired' && <Button size="compact-sm" variant="default" loading={given.isPending} onClick={() => given.mutate(true)}><Trans>Give it again</Trans></Button>}
            </Group>
          </Stack>
        </Alert>
        {there.length > 1 && <LanguageBar draft={definition} language={language} onLanguage={setLanguage} />}
        <Preview row={row} draft={definition} settled language={language} />
      </Stack>
    </Page>
  );
}
