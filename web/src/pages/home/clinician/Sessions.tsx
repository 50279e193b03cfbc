import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Button, Group, Skeleton, Stack, Text} from '@mantine/core';
import {IconPlayerRecordFilled, IconVideo} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {api, body} from '@/api/client';
import type {components} from '@/api/schema';
import {showsExpressions, type Site} from '@/app/account';
import {dateTime, duration, number, time} from '@/shared/format';
import {PersonName} from '@/shared/people/PersonName';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import {isToday, mainFace} from './figures';

type Session = components['schemas']['Session'];

function Row({session, withDate, scores}: {session: Session; withDate: boolean; scores: boolean}) {
  const {t} = useLingui();
  const face = mainFace(session);
  const started = withDate ? dateTime(session.started) : time(session.started);
  const open = session.state === 'open';
  return (
    <Group component="li" justify="space-between" wrap="nowrap" py={6} style={{borderTop: '1px solid var(--py-line)'}}>
      <div>
        <Group gap="xs"><PersonName person={session.person} />{open && <Badge size="sm" color="red" variant="light" tt="none" leftSection={<IconPlayerRecordFilled size={10} aria-hidden />}><Trans>Running</Trans></Badge>}</Group>
        <Text size="xs" c="dimmed">
          {started}{session.ended && ` · ${duration((Date.parse(session.ended) - Date.parse(session.started)) / 1000)}`}{session.title && ` · ${session.title}`}
        </Text>
      </div>
      <Group gap="md" wrap="nowrap">
        {scores && face?.index != null && <Text size="sm" className="py-number" style={{whiteSpace: 'nowrap'}} title={t`Index of the session, 0 to 100`}><Trans>Index <b>{number(face.index)}</b></Trans></Text>}
        <Button component={Link} to={open ? `/live/${session.id}` : `/sessions/${session.id}`} size="compact-sm" style={{flexShrink: 0}} variant={open ? 'filled' : 'default'}
          aria-label={open ? t`Go on with the session of ${started}` : t`Review the session of ${started}`}>{open ? <Trans>Go on</Trans> : <Trans>Review</Trans>}</Button>
      </Group>
    </Group>
  );
}

/** Today's sessions; on a day without any, the newest ones. */
export function Sessions({site}: {site: Site}) {
  const sessions = useQuery({
    queryKey: ['sessions', 'newest'],
    refetchInterval: 30_000,
    queryFn: () => body(api.GET('/api/v1/sessions', {params: {query: {limit: 200}}})),
  });
  const rows = sessions.data?.rows ?? [];
  const today = rows.filter((each) => each.state === 'open' || isToday(each.started));
  const shown = today.length > 0 ? today : rows.slice(0, 5);
  const scores = showsExpressions(site);
  const model = shown.find((each) => each.model)?.model;
  const start = <Button component={Link} to="/live" size="compact-sm" style={{flexShrink: 0}} leftSection={<IconVideo size={15} aria-hidden />}><Trans>Start a session</Trans></Button>;
  return (
    <Card title={<Trans>Today's sessions</Trans>} aside={start}>
      {sessions.isPending && <Skeleton height={140} />}
      {sessions.error && <Failure error={sessions.error} retry={sessions.refetch} />}
      {sessions.data && rows.length === 0 && (
        <EmptyState icon={IconVideo} title={<Trans>No sessions yet</Trans>}>
          <Trans>A session begins with a person who has chosen you and agreed to it. Make their record under People, then start.</Trans>
        </EmptyState>
      )}
      {rows.length > 0 && today.length === 0 && <Text size="sm" c="dimmed" mb="xs"><Trans>None yet today. The newest:</Trans></Text>}
      {shown.length > 0 && (
        <Stack gap={0} component="ul" m={0} p={0} style={{listStyle: 'none'}}>
          {shown.slice(0, 12).map((session) => <Row key={session.id} session={session} withDate={today.length === 0} scores={scores} />)}
        </Stack>
      )}
      {scores && shown.some((each) => mainFace(each)?.index != null) && <NotADiagnosis model={model} />}
    </Card>
  );
}
