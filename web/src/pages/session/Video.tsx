import {Trans, useLingui} from '@lingui/react/macro';
import {Box, Button, Image, Stack, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {useEffect, useRef} from 'react';
import {api, body} from '@/api/client';
import {resultAddress} from '@/shared/jobs/jobs';
import {Card} from '@/shared/ui/Card';
import {useLine} from './context';
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

function Player({id, offset}: {id: string; offset: number}) {
  const {t} = useLingui();
  const {playhead, window} = useLine();
  const video = useRef<HTMLVideoElement>(null);
  // Set by the video itself: not sought again.
  const own = useRef(false);

  useEffect(() => {
    const element = video.current;
    if (!element) return;
    let pending = 0;
    const follow = () => {
      own.current = true;
      playhead.set(element.currentTime + offset);
      own.current = false;
      if (element.currentTime + offset > window.max) window.pan(window.max - window.min);
      if (!element.paused) pending = requestAnimationFrame(follow);
    };
    const play = () => { cancelAnimationFrame(pending); follow(); };
    element.addEventListener('play', play);
    element.addEventListener('seeked', follow);
    const stop = playhead.listen((at) => {
      if (own.current || at === null) return;
      const wanted = at - offset;
      if (wanted >= 0 && Number.isFinite(element.duration || 0)) element.currentTime = wanted;
    });
    return () => { stop(); cancelAnimationFrame(pending); element.removeEventListener('play', play); element.removeEventListener('seeked', follow); };
  }, [playhead, window, offset]);

  return <video ref={video} src={`/api/v1/videos/${id}/file`} controls preload="metadata" playsInline aria-label={t`Video of the session`} style={{width: '100%', maxHeight: 360, borderRadius: 8, background: '#000', display: 'block'}} />;
}

/** Why the model reads the picture at the playhead as it does. */
function ExplainHere({session, person}: {session: string; person: string}) {
  const {t} = useLingui();
  const {playhead} = useLine();
  const {start, starting, job} = useJob();
  const running = starting || job?.state === 'queued' || job?.state === 'running';
  const pictures = job?.state === 'done' ? (job.result?.files ?? []).filter(({type}) => type === 'image/png') : [];
  return (
    <Stack gap="xs" mb="sm">
      <Button size="compact-sm" variant="light" style={{alignSelf: 'flex-start'}} loading={running} onClick={() => start({kind: 'explain', person, session, at_s: Math.max(0, playhead.at ?? 0)})}><Trans>Why this reading here?</Trans></Button>
      {job?.state === 'failed' && <Text size="xs" role="alert">{job.error}</Text>}
      {job?.state === 'done' && pictures.length === 0 && <Text size="xs"><Trans>No face could be read at this moment.</Trans></Text>}
      {job && pictures.map(({name}) => <Image key={name} src={resultAddress(job.id, name)} alt={t`What the model looked at`} radius="sm" fit="contain" />)}
    </Stack>
  );
}

/** The session's video beside its lines: a click into a lane shows that moment, playing moves through the lanes. */
export function Video({session, person}: {session: string; person: string}) {
  const {frames} = useLine();
  const {data} = useQuery(videosQuery(session));
  const videos = (data ?? []).filter((video) => video.media !== null);
  if (videos.length === 0) return null;
  return (
    <Card title={<Trans>Video</Trans>} lead={<Trans>Click into a lane to see that moment.</Trans>}>
      {videos.map((video) => <Box key={video.id} mb="sm"><Player id={video.id} offset={video.at_s ?? frames.secondsAt(video.at)} /></Box>)}
      <ExplainHere session={session} person={person} />
      <Text size="xs" c="dimmed"><Trans>Kept because the person agreed to it; withdrawing that consent hides it at once.</Trans></Text>
    </Card>
  );
}
