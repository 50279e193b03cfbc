import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Anchor, Button, Checkbox, List, Skeleton, Stack, Text} from '@mantine/core';
import {IconCamera, IconCheck} from '@tabler/icons-react';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {useState} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import {ConsentText} from '@/features/consents/ConsentText';
import {activeTemplatesQuery} from '@/api/records';
import {offers} from '@/features/consents/templates';
import {currentLanguage} from '@/i18n';
import {useAccount} from '@/app/account';
import {consentsQuery} from '@/api/records';
import {inForce, type Scope} from '@/features/consents/consents';
import {date} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {Failure} from '@/shared/ui/Failure';
import {describe} from '@/shared/ui/problemText';

interface Props {
  person: string;
  expressions: boolean;
  onStart: (session: string) => void;
  onOnlyQuestions: () => void;
}

/** What will happen, in plain words; what was agreed to, or is now. */
export function ConsentScreen({person, expressions, onStart, onOnlyQuestions}: Props) {
  const {t} = useLingui();
  const {site} = useAccount();
  const queryClient = useQueryClient();
  const consents = useQuery(consentsQuery(person));
  const [agree, setAgree] = useState(false);
  const [keep, setKeep] = useState(true);
  const [key] = useState(idempotencyKey);
  const there = inForce(consents.data ?? []);
  const templates = useQuery({...activeTemplatesQuery, staleTime: 300_000});
  const offer = offers(templates.data ?? [], site.mode, currentLanguage(), ['live_analysis', 'store_observations'])[0];
  const live = there.get('live_analysis'), stored = there.get('store_observations');
  const begin = useMutation({
    mutationFn: async () => {
      const scopes: Scope[] = [...(live ? [] : ['live_analysis' as const]), ...(stored || !keep ? [] : ['store_observations' as const])];
      if (scopes.length > 0) {
        const params = {path: {person}, header: {'Idempotency-Key': `${key}.${scopes.join('.')}`}};
        // What the site's text does not cover was agreed to by the words on this page.
        await api.POST('/api/v1/people/{person}/consents', {params, body: offer && scopes.every((scope) => offer.template.scopes.includes(scope)) ? {template: offer.template.id, scopes} : {scopes, purpose: t`Own check-in`, text_version: 'check-in 1'}});
        await queryClient.invalidateQueries({queryKey: consentsQuery(person).queryKey});
      }
      return body(api.POST('/api/v1/sessions', {params: {header: {'Idempotency-Key': key}}, body: {person, kind: 'live', title: t`Check-in`}}));
    },
    onSuccess: (session) => onStart(session.id),
  });
  if (consents.isPending) return <Skeleton height={300} />;
  if (consents.isError) return <Failure error={consents.error} retry={() => void consents.refetch()} />;
  return (
    <Card title={<Trans>What happens now</Trans>}>
      <Stack gap="md">
        <List spacing="xs" icon={<IconCheck size={18} aria-hidden color="var(--mantine-primary-color-filled)" />}>
          <List.Item>{expressions
            ? <Trans>For about a minute the camera looks at your face. A program measures what your face expresses and how tired your eyes look.</Trans>
            : <Trans>For about a minute the camera looks at your face. A program measures how tired your eyes look: blinks, yawns, how far they are open.</Trans>}</List.Item>
          <List.Item><Trans>No picture is kept. Only figures stay, and only if you want.</Trans></List.Item>
          <List.Item><Trans>Then there are six short questions.</Trans></List.Item>
          <List.Item><Trans>You can stop at any time. You see the result first; who else may see it is up to you.</Trans></List.Item>
        </List>
        {offer && (!live || !stored) && <ConsentText template={offer.template} />}
        {live ? (
          <Text size="sm" c="dimmed"><Trans>You agreed to this on {date(live.from)}. You can withdraw at any time in <Anchor component={Link} to="/me" size="sm" underline="always">your record</Anchor>.</Trans></Text>
        ) : (
          <Checkbox size="md" checked={agree} onChange={(e) => setAgree(e.currentTarget.checked)} label={<Trans>I agree that the camera's pictures are analysed while I do this</Trans>} />
        )}
        {!stored && <Checkbox size="md" checked={keep} onChange={(e) => setKeep(e.currentTarget.checked)} label={<Trans>Keep the figures, so that I can follow how I am over time</Trans>} description={<Trans>Without this nothing of the camera part stays afterwards.</Trans>} />}
        {begin.isError && <Alert color="red" variant="light" role="alert">{describe(begin.error)}</Alert>}
        <Button size="lg" fullWidth leftSection={<IconCamera size={20} aria-hidden />} disabled={!live && !agree} loading={begin.isPending} onClick={() => begin.mutate()}>{live ? <Trans>Start</Trans> : <Trans>I agree: start</Trans>}</Button>
        <Button variant="subtle" onClick={onOnlyQuestions}><Trans>Without the camera: only the questions</Trans></Button>
      </Stack>
    </Card>
  );
}
