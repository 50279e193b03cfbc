import {Trans, useLingui} from '@lingui/react/macro';
import {Box, Button, Stack, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {useEffect, useRef} from 'react';
import {api, body} from '@/api/client';
import {Card} from '@/shared/ui/Card';
import {useLine} from './context';
import {Explained} from './Explained';
import {useJob} from './useJob';

const videosQuery = (session: string) => ({
  queryKey: ['videos', session] as const,
  // Who may not see pictures is refused: then there is none.
  queryFn: async () => {
    try {
      return (await body(api.GET('/api/v1/sessions/{session}/videos', {params: {path: {session}}}))).rows;
    } catch {
      return [];
    }
  },
});

/** A browser that records writes no length; one that plays finds it at the end of the file, which is read for it where it is no larger. */
const kMostToRead = 100 * 1024 * 1024;

interface PlayerProps {
  id: string;
  bytes: number;
  /** In the session's seconds; `until`: where another video begins. */
  offset: number;
  until: number;
}

function Player({id, bytes, offset, until}: PlayerProps) {
  const {t} = useLingui();
  const {playhead, window} = useLine();
  const video = useRef<HTMLVideoElement>(null);

  useEffect(() => {
    const element = video.current;
    if (!element) return;
    let pending = 0, own = false, measuring = false;
    const follow = () => {
      if (measuring) return;
      own = true; // set by the video itself: not sought again
      playhead.set(element.currentTime + offset);
      own = false;
      if (element.currentTime + offset > window.max) window.pan(window.max - window.min);
      if (!element.paused) pending = requestAnimationFrame(follow);
    };
    const play = () => { cancelAnimationFrame(pending); follow(); };
    const seek = (at: number | null) => {
      if (own || measuring || at === null || at < offset || at >= until) return;
      const wanted = at - offset;
      if (!(wanted > element.duration)) element.currentTime = wanted;
    };
    const measure = () => {
      if (element.duration !== Infinity || bytes > kMostToRead) return;
      measuring = true;
      element.currentTime = Number.MAX_SAFE_INTEGER;
    };
    const measured = () => {
      if (!measuring || element.duration === Infinity) return;
      element.currentTime = 0;
      element.addEventListener('seeked', () => { measuring = false; seek(playhead.at); }, {once: true});
    };
    const listened: [string, () => void][] = [['play', play], ['seeked', follow], ['loadedmetadata', measure], ['durationchange', measured]];
    for (const [event, then] of listened) element.addEventListener(event, then);
    if (element.readyState > 0) measure();
    const stop = playhead.listen(seek);
    return () => { stop(); cancelAnimationFrame(pending); for (const [event, then] of listened) element.removeEventListener(event, then); };
  }, [playhead, window, bytes, offset, until]);

  return <video ref={video} src={`/api/v1/videos/${id}/file`} controls preload="metadata" playsInline aria-label={t`Video of the session`} style={{width: '100%', maxHeight: 360, borderRadius: 8, background: '#000', display: 'block'}} />;
}

/** Why the model reads the picture at the playhead as it does. */
function ExplainHere({session, person}: {session: string; person: string}) {
  const {playhead} = useLine();
  const {start, starting, job} = useJob();
  const running = starting || job?.state === 'queued' || job?.state === 'running';
  return (
    <Stack gap="xs" mb="sm">
      <Button size="compact-sm" variant="light" style={{alignSelf: 'flex-start'}} loading={running} onClick={() => start({kind: 'explain', person, session, at_s: Math.max(0, playhead.at ?? 0)})}><Trans>Why this reading here?</Trans></Button>
      <Explained job={job} />
    </Stack>
  );
}

/** The session's video beside its lines: a click into a lane shows that moment, playing moves through the lanes. */
export function Video({session, person}: {session: string; person: string}) {
  const {frames} = useLine();
  const {data} = useQuery(videosQuery(session));
  const videos = (data ?? []).filter((video) => video.media !== null).map((video) => ({...video, offset: video.at_s ?? frames.secondsAt(video.at)}));
  if (videos.length === 0) return null;
  return (
    <Card title={<Trans>Video</Trans>} lead={<Trans>Click into a lane to see that moment.</Trans>}>
      {videos.map((video) => <Box key={video.id} mb="sm"><Player id={video.id} bytes={video.bytes} offset={video.offset} until={Math.min(...videos.map(({offset}) => offset).filter((at) => at > video.offset))} /></Box>)}
      <ExplainHere session={session} person={person} />
      <Text size="xs" c="dimmed"><Trans>Kept because the person agreed to it; withdrawing that consent hides it at once.</Trans></Text>
    </Card>
  );
}
