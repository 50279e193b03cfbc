import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Grid, Group, Stack, Text, TextInput} from '@mantine/core';
import {IconPlayerPlay} from '@tabler/icons-react';
import {useMutation, useQuery} from '@tanstack/react-query';
import {useNavigate, useSearch} from '@tanstack/react-router';
import {useMemo, useState} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import {showsExpressions, useAccount} from '@/app/account';
import {useCamera} from '@/features/live/camera';
import {Card} from '@/shared/ui/Card';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import {Page} from '@/shared/ui/Page';
import {describe} from '@/shared/ui/problemText';
import {ConsentStep} from './ConsentStep';
import {consentsQuery} from '@/api/records';
import {inForce} from '@/features/consents/consents';
import {PersonPicker} from '@/shared/ui/PersonPicker';
import {Running} from './Running';
import {SourceStep} from './SourceStep';
import {keepSource, type Source} from './source';

/** Before a session: who, what they agreed to, whose camera. */
export default function LiveStartPage() {
  const {t} = useLingui();
  const {site} = useAccount();
  const navigate = useNavigate();
  const search = useSearch({from: '/inside/live'});
  const [person, setPerson] = useState<string | null>(search.person ?? null);
  const [confirmed, setConfirmed] = useState(false);
  const [title, setTitle] = useState('');
  const [source, setSource] = useState<Source>('browser');
  const [finer, setFiner] = useState(false);
  const [serverCamera, setServerCamera] = useState<string | null>(null);
  // The same session when it is asked for again; another one once anything about it was changed.
  const key = useMemo(idempotencyKey, [person, title, source]);
  const camera = useCamera(person !== null && source === 'browser', 'environment', finer);
  const consents = useQuery({...consentsQuery(person ?? ''), enabled: person !== null});
  const agreed = inForce(consents.data ?? []).has('live_analysis');

  const start = useMutation({
    mutationFn: async () => {
      if (!person) throw new Error('nobody was chosen');
      const session = await body(api.POST('/api/v1/sessions', {
        params: {header: {'Idempotency-Key': key}}, body: {person, kind: source === 'device' ? 'device' : 'live', ...(title.trim() ? {title: title.trim()} : {})},
      }));
      if (source === 'server' && serverCamera) await api.POST('/api/v1/sessions/{session}/camera', {params: {path: {session: session.id}}, body: {camera: serverCamera}});
      return session;
    },
    onSuccess: (session) => {
      keepSource(session.id, {source, finer, video: false});
      void navigate({to: '/live/$session', params: {session: session.id}});
    },
  });

  const lacks = !person ? t`Choose a person first.` : !agreed ? t`The person has not agreed to the analysis yet.` : !confirmed ? t`Confirm that the person agrees.`
    : source === 'browser' && !camera.stream ? t`The camera shows no picture yet.` : source === 'server' && !serverCamera ? t`Choose a camera.` : null;
  return (
    <Page title={t`Live session`} lead={t`Follow expressions and signs of tiredness while you talk. Nothing starts before the person has agreed.`}>
      <Running />
      <Grid gap="lg">
        <Grid.Col span={{base: 12, md: 6}}>
          <Stack gap="lg">
            <Card title={t`1. Who is it`}>
              <Stack gap="sm">
                <PersonPicker value={person} onChange={(value) => { setPerson(value); setConfirmed(false); }} />
                <TextInput label={t`Title`} placeholder={t`Optional, e.g. second talk`} maxLength={200} value={title} onChange={(e) => setTitle(e.currentTarget.value)} />
              </Stack>
            </Card>
            <Card title={t`2. What was agreed`}>
              {person ? <ConsentStep key={person} person={person} mayRecord={site.mode === 'clinical'} expressions={showsExpressions(site)} confirmed={confirmed} onConfirm={setConfirmed} />
                : <Text size="sm" c="dimmed"><Trans>Once a person is chosen, what they agreed to is shown here.</Trans></Text>}
            </Card>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{base: 12, md: 6}}>
          <Card title={t`3. Whose camera`}>
            {person ? <SourceStep source={source} onSource={setSource} camera={camera} serverCamera={serverCamera} onServerCamera={setServerCamera} finer={finer} onFiner={setFiner} />
              : <Text size="sm" c="dimmed"><Trans>The camera stays off until a person is chosen.</Trans></Text>}
          </Card>
        </Grid.Col>
      </Grid>
      <Stack mt="lg" gap="xs">
        {start.isError && <Alert color="red" variant="light" role="alert">{describe(start.error)}</Alert>}
        <Group>
          <Button size="md" leftSection={<IconPlayerPlay size={18} aria-hidden />} disabled={lacks !== null} loading={start.isPending} onClick={() => start.mutate()}><Trans>Start the session</Trans></Button>
          {lacks && <Text size="sm" c="dimmed" aria-live="polite">{lacks}</Text>}
        </Group>
        <NotADiagnosis />
      </Stack>
    </Page>
  );
}
