import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Badge, Button, Group, List, Skeleton, Stack, Text, Textarea} from '@mantine/core';
import {IconBellCheck} from '@tabler/icons-react';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {api, body} from '@/api/client';
import type {components} from '@/api/schema';
import {currentLanguage} from '@/i18n';
import {Evidence} from '@/shared/alerts/evidence';
import {date} from '@/shared/format';
import {PersonName} from '@/shared/people/PersonName';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {RiskBadge} from '@/shared/ui/RiskBadge';
import {tell, tellFailure} from '@/shared/ui/toasts';
import {byUrgency} from './figures';

type Alert = components['schemas']['Alert'];
const queryKey = ['alerts', 'open'];
const draftOf = (alert: Alert) => `pyrometer.follow-up.${alert.id}`;

/** One alert: what was seen, what may be tried, and what was done. */
function OneAlert({alert}: {alert: Alert}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const draft = draftOf(alert);
  const [text, setText] = useState(sessionStorage.getItem(draft) ?? '');
  const [writing, setWriting] = useState(text !== '');
  const write = (next: string) => {
    setText(next);
    if (next) sessionStorage.setItem(draft, next);
    else sessionStorage.removeItem(draft);
  };
  const change = useMutation({
    mutationFn: (what: {acknowledged: true} | {follow_up: string}) => api.PATCH('/api/v1/alerts/{alert}', {params: {path: {alert: alert.id}, header: {'If-Match': `"${alert.version}"`}}, body: what}),
    onSuccess: (_, what) => {
      if ('follow_up' in what) {
        write('');
        tell(<Trans>Written down. The alert is closed.</Trans>);
      }
      void queryClient.invalidateQueries({queryKey: ['alerts']});
    },
    onError: tellFailure,
  });
  const tries = alert.suggestion?.split('\n').filter(Boolean) ?? [];
  return (
    <Stack component="li" gap={6} py="sm" style={{borderTop: '1px solid var(--py-line)'}}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Text fw={600}>{alert.title}</Text>
          <Text size="sm"><PersonName person={alert.person} /> <Text span size="xs" c="dimmed">· {date(alert.created)}</Text></Text>
        </div>
        <Group gap={6} wrap="nowrap" style={{flexShrink: 0}}>
          {alert.state === 'new' && <Badge size="sm" variant="light" color="ember" tt="none"><Trans>New</Trans></Badge>}
          {alert.level !== 'none' && <RiskBadge risk={alert.level} />}
        </Group>
      </Group>
      <Text size="sm">{alert.text}</Text>
      <Evidence alert={alert} />
      {tries.length > 0 && (
        <details>
          <summary style={{cursor: 'pointer'}}><Text span size="sm" fw={500}><Plural value={tries.length} one="Advice that they read: # point" other="Advice that they read: # points" /></Text></summary>
          <List size="sm" mt={6} spacing={4}>{tries.map((line) => <List.Item key={line}>{line}</List.Item>)}</List>
        </details>
      )}
      {writing && (
        <Textarea label={<Trans>What was done</Trans>} description={<Trans>Closes the alert. The person can read it.</Trans>} autosize minRows={2} maxLength={10_000} value={text} onChange={(e) => write(e.currentTarget.value)} autoFocus />
      )}
      <Group gap="xs">
        {alert.state === 'new' && <Button size="compact-sm" variant="default" loading={change.isPending && 'acknowledged' in change.variables} onClick={() => change.mutate({acknowledged: true})} aria-label={t`Acknowledge: ${alert.title}`}><Trans>Acknowledge</Trans></Button>}
        {!writing && <Button size="compact-sm" variant="default" onClick={() => setWriting(true)} aria-label={t`Write what was done: ${alert.title}`}><Trans>Write what was done</Trans></Button>}
        {writing && <Button size="compact-sm" disabled={!text.trim()} loading={change.isPending && 'follow_up' in change.variables} onClick={() => change.mutate({follow_up: text.trim()})}><Trans>Save and close</Trans></Button>}
        {writing && <Button size="compact-sm" variant="subtle" color="gray" onClick={() => { setWriting(false); write(''); }}><Trans>Discard</Trans></Button>}
      </Group>
    </Stack>
  );
}

export function Alerts() {
  const alerts = useQuery({
    queryKey,
    refetchInterval: 60_000,
    queryFn: async () => {
      const of = (state: 'new' | 'acknowledged') => body(api.GET('/api/v1/alerts', {params: {query: {state, limit: 50, language: currentLanguage()}}}));
      const [fresh, known] = await Promise.all([of('new'), of('acknowledged')]);
      return {rows: byUrgency([...fresh.rows, ...known.rows]), more: fresh.next !== null || known.next !== null};
    },
  });
  const [all, setAll] = useState(false);
  const rows = alerts.data?.rows ?? [];
  // What somebody was writing about stays in sight.
  const shown = rows.filter((alert, i) => all || i < 4 || sessionStorage.getItem(draftOf(alert)) !== null);
  return (
    <Card title={<Trans>Alerts</Trans>} aside={rows.length > 0 && <Badge variant="light" color="gray">{rows.length}{alerts.data?.more && '+'}</Badge>}
      lead={rows.length > 0 && <Trans>A reason to look, ask and talk. No finding about health.</Trans>}>
      {alerts.isPending && <Skeleton height={100} />}
      {alerts.error && <Failure error={alerts.error} retry={alerts.refetch} />}
      {alerts.data && rows.length === 0 && (
        <EmptyState icon={IconBellCheck} title={<Trans>No open alerts</Trans>}><Trans>When somebody's weeks deserve attention, it says so here: to you and to them, to nobody else.</Trans></EmptyState>
      )}
      <Stack gap={0} component="ul" m={0} p={0} style={{listStyle: 'none'}}>{shown.map((alert) => <OneAlert key={alert.id} alert={alert} />)}</Stack>
      {rows.length > shown.length && <Button size="compact-sm" variant="subtle" onClick={() => setAll(true)}><Trans>Show all {rows.length}</Trans></Button>}
    </Card>
  );
}
