import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Button, Group, List, Stack, Text, Textarea} from '@mantine/core';
import {IconChevronDown, IconChevronUp} from '@tabler/icons-react';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {api, body} from '@/api/client';
import {alertsQuery, versionOf, type Alert, type Person} from '@/api/records';
import {Evidence} from '@/shared/alerts/evidence';
import {dateTime} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {RiskBadge} from '@/shared/ui/RiskBadge';
import {tell, tellFailure} from '@/shared/ui/toasts';
import {useDraft} from '@/shared/ui/useDraft';

/** So many at first: the weeks themselves stay in sight. */
const kShown = 2;

function OneAlert({alert, own}: {alert: Alert; own: boolean}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const [text, setText, forget] = useDraft(`follow-up.${alert.id}`, '');
  const [writing, setWriting] = useState(text !== '');
  const [advice, setAdvice] = useState(false);
  const change = useMutation({
    mutationFn: (patch: {acknowledged: true} | {follow_up: string}) => body(api.PATCH('/api/v1/alerts/{alert}', {params: {path: {alert: alert.id}, header: versionOf(alert)}, body: patch})),
    onSuccess: (_, patch) => {
      if ('follow_up' in patch) {
        forget();
        setWriting(false);
        tell(<Trans>Written down.</Trans>);
      }
      void queryClient.invalidateQueries({queryKey: ['alerts']});
    },
    onError: (problem) => {
      tellFailure(problem);
      void queryClient.invalidateQueries({queryKey: ['alerts']});
    },
  });
  const open = alert.state !== 'followed_up';
  return (
    <Stack component="li" gap={6} py="sm" style={{borderTop: '1px solid var(--py-line)'}}>
      <Group gap="xs">
        <Text size="sm" fw={650}>{alert.title}</Text>
        {alert.level !== 'none' && <RiskBadge risk={alert.level} />}
        {alert.state === 'acknowledged' && <Badge variant="light" color="gray" tt="none"><Trans>acknowledged</Trans></Badge>}
        <Text size="xs" c="dimmed">{dateTime(alert.created)}</Text>
      </Group>
      <Text size="sm">{alert.text}</Text>
      <Evidence alert={alert} />
      {open && alert.suggestion && (
        <>
          <Button variant="subtle" size="compact-sm" px={0} style={{alignSelf: 'flex-start'}} aria-expanded={advice} rightSection={advice ? <IconChevronUp size={14} aria-hidden /> : <IconChevronDown size={14} aria-hidden />} onClick={() => setAdvice(!advice)}>{own ? <Trans>What may be tried</Trans> : <Trans>Advice that they read</Trans>}</Button>
          {advice && <List size="sm" spacing={2}>{alert.suggestion.split('\n').filter(Boolean).map((line) => <List.Item key={line}>{line}</List.Item>)}</List>}
        </>
      )}
      {alert.follow_up && <Text size="sm"><Trans>Followed up: {alert.follow_up}</Trans></Text>}
      {open && !writing && (
        <Group gap="sm">
          {alert.state === 'new' && <Button size="compact-sm" variant="light" loading={change.isPending} onClick={() => change.mutate({acknowledged: true})} aria-label={t`Acknowledge: ${alert.title}`}><Trans>Acknowledge</Trans></Button>}
          <Button size="compact-sm" variant="default" onClick={() => setWriting(true)} aria-label={t`Write down what was done: ${alert.title}`}><Trans>Write down what was done</Trans></Button>
        </Group>
      )}
      {open && writing && (
        <Stack gap="xs" maw={560}>
          <Textarea label={t`What was done`} value={text} onChange={(event) => setText(event.currentTarget.value)} autosize minRows={2} maxLength={10000} autoFocus />
          <Group gap="sm">
            <Button size="compact-sm" disabled={!text.trim()} loading={change.isPending} onClick={() => change.mutate({follow_up: text.trim()})}><Trans>Save and close the alert</Trans></Button>
            <Button size="compact-sm" variant="default" onClick={() => setWriting(false)}><Trans>Later</Trans></Button>
          </Group>
        </Stack>
      )}
    </Stack>
  );
}

/** When the weeks deserve attention, and what was done then. */
export function Alerts({person, own}: {person: Person; own: boolean}) {
  const {data} = useQuery(alertsQuery(person.id));
  const [past, setPast] = useState(false), [all, setAll] = useState(false);
  if (!data || data.length === 0) return null;
  const open = data.filter((alert) => alert.state !== 'followed_up'), done = data.filter((alert) => alert.state === 'followed_up');
  return (
    <Card title={<Trans>Alerts</Trans>} aside={done.length > 0 && <Button variant="subtle" size="compact-sm" aria-expanded={past} onClick={() => setPast(!past)}>{past ? <Trans>Hide earlier ones</Trans> : <Trans>Show {done.length} followed up</Trans>}</Button>}
      lead={own ? <Trans>Your weeks deserve attention. You and the clinicians you chose see this, nobody else. It is no finding about your health.</Trans> : <Trans>The person sees these too. They are no finding about health.</Trans>}>
      {open.length === 0 && <Text size="sm" c="dimmed"><Trans>None is open.</Trans></Text>}
      <Stack component="ul" gap={0} p={0} m={0} style={{listStyle: 'none'}}>{[...(all ? open : open.slice(0, kShown)), ...(past ? done : [])].map((alert) => <OneAlert key={alert.id} alert={alert} own={own} />)}</Stack>
      {!all && open.length > kShown && <Button size="compact-sm" variant="subtle" onClick={() => setAll(true)}><Trans>Show all {open.length}</Trans></Button>}
    </Card>
  );
}
