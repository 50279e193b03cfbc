import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Anchor, Button, Grid, Group, Stack, Text} from '@mantine/core';
import {IconTimeline} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {Link, useSearch} from '@tanstack/react-router';
import {useEffect, useMemo, useRef, useState} from 'react';
import {mainFace, personQuery, type Session} from '@/api/records';
import {showsExpressions, useAccount} from '@/app/account';
import {dateTime} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {Page} from '@/shared/ui/Page';
import {Captures} from './Captures';
import {LineProvider} from './context';
import {Exports} from './Exports';
import type {Chosen} from './IntervalLane';
import {intervalsOf} from './intervals';
import {ScoreStory} from './ScoreStory';
import {Summary} from './Summary';
import {Timeline} from './Timeline';
import {Title} from './Title';
import {Topics} from './Topics';
import {topicsOf} from './topics';
import {useFrames} from './useFrames';
import {useMarks} from './useMarks';
import {Video} from './Video';

export function Review({session}: {session: Session}) {
  const {t} = useLingui();
  const {account, site} = useAccount();
  const {at} = useSearch({strict: false}) as {at?: string};
  const expressions = showsExpressions(site);
  const own = account.person === session.person;
  const may = own || account.role === 'clinician';
  const person = useQuery({...personQuery(session.person), enabled: !own});
  const best = useMemo(() => {
    const faces = session.summary?.people ?? [];
    return mainFace(session) ?? faces.reduce<(typeof faces)[number] | null>((most, face) => (most && most.valid_frames >= face.valid_frames ? most : face), null);
  }, [session]);
  const loaded = useFrames(session.id, best?.face_id ?? null);
  const {frames, line, version} = loaded;
  const marks = useMarks(session.id);
  const [chosen, setChosen] = useState<Chosen>(null);
  const known = frames.origin !== null && line.track.length > 0;
  const intervals = useMemo(() => (known ? intervalsOf(marks.keywords, frames, line.track.last) : []), [known, marks.keywords, frames, line, frames.done ? version : 0]);
  // Ranked anew when all is there and when keywords change, not with every page.
  const topics = useMemo(() => (expressions && known ? topicsOf(line.track, intervals) : []), [expressions, known, line, intervals]);

  const begun = useRef(false);
  useEffect(() => {
    if (!at || begun.current || !known) return;
    const seconds = frames.secondsAt(at);
    if (!frames.done && seconds > line.track.last) return;
    begun.current = true;
    line.playhead.set(seconds);
    line.window.set(seconds - 30, seconds + 30);
  }, [at, known, version, frames, line]);

  const who = own ? null : person.data?.name ?? person.data?.pseudonym ?? '…';
  return (
    <LineProvider value={line}>
      <Page title={session.title ?? t`Session`} actions={<Exports session={session} />}
        lead={(
          <Group gap="xs" component="span">
            {own ? <Anchor component={Link} to="/me?tab=sessions" size="sm"><Trans>My record</Trans></Anchor> : <Anchor component={Link} to={`/people/${session.person}?tab=sessions`} size="sm">{who}</Anchor>}
            <Text component="span" size="sm">{dateTime(session.started)}</Text>
            {may && <Title session={session} />}
          </Group>
        )}>
        <Stack>
          {session.state === 'open' && (
            <Alert variant="light" title={<Trans>This session is running</Trans>}>
              <Group gap="md"><Text size="sm"><Trans>What was kept so far is shown here.</Trans></Text><Button component={Link} to={`/live/${session.id}`} size="compact-sm"><Trans>Go to the live view</Trans></Button></Group>
            </Alert>
          )}
          <Summary session={session} face={best} topics={topics} expressions={expressions} />
          {loaded.error ? <Failure error={loaded.error} /> : frames.done && frames.frames === 0 ? (
            <Card title={<Trans>Course of the session</Trans>}>
              <EmptyState icon={IconTimeline} title={<Trans>No frames are kept of this session</Trans>}>
                <Trans>They are kept only where the person agreed to “Keeping the figures”, and as long as this site's rules say. The figures above stay.</Trans>
              </EmptyState>
            </Card>
          ) : (
            <Grid gap="md">
              <Grid.Col span={{base: 12, lg: expressions ? 9 : 12}}>
                <Timeline loaded={loaded} expected={session.summary?.frames ?? null} intervals={intervals} marks={marks} expressions={expressions} may={may} model={session.model} chosen={chosen} onChoose={setChosen} />
              </Grid.Col>
              <Grid.Col span={{base: 12, lg: expressions ? 3 : 12}}>
                <Stack>
                  {known && <Video session={session.id} person={session.person} />}
                  {expressions && <Topics topics={topics} onShow={({first}) => { setChosen({kind: 'keyword', id: first.keyword.id}); line.playhead.set(first.from); line.window.show(first.from, first.until); }} />}
                </Stack>
              </Grid.Col>
            </Grid>
          )}
          {expressions && known && (
            <>
              <ScoreStory session={session} face={loaded.face} />
              <Captures session={session} />
            </>
          )}
        </Stack>
      </Page>
    </LineProvider>
  );
}
