import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Text} from '@mantine/core';
import {IconDeviceMobile, IconVideo} from '@tabler/icons-react';
import {useQuery, useQueryClient} from '@tanstack/react-query';
import {useEffect, useMemo, useRef, useState} from 'react';
import {api, body} from '@/api/client';
import type {components} from '@/api/schema';
import {CameraTroubleNote} from '@/features/live/CameraTroubleNote';
import {useCamera} from '@/features/live/camera';
import {still} from '@/features/live/encoder';
import {useLitScreen, useLive} from '@/features/live/useLive';
import {useVideo} from '@/features/live/useVideo';
import {Card} from '@/shared/ui/Card';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import {tellFailure} from '@/shared/ui/toasts';
import {BarsPanel} from './BarsPanel';
import {CaptureDialog, type Shot} from './CaptureDialog';
import {inForce} from '@/features/consents/consents';
import {ControlBar} from './ControlBar';
import {useDeviceFeed} from './deviceFeed';
import {FatiguePanel} from './FatiguePanel';
import {ForecastPanel} from './ForecastPanel';
import {Gauge} from './Gauge';
import {KeywordPanel} from './KeywordPanel';
import {openKeyword} from './keywords';
import {LiveProblem} from './LiveProblem';
import {NotesPanel} from './NotesPanel';
import {Stage} from './Stage';
import {Timeline} from './Timeline';
import {keepSource, keptSource} from './source';
import {useOutbox} from './useOutbox';
import {consentsQuery, keywordsQuery, notesQuery, sessionQuery} from '@/api/records';
import classes from './room.module.css';

type Session = components['schemas']['Session'];

/** A session while it runs: the picture, what is measured, what is said. */
export function LiveRoom({session, name, expressions}: {session: Session; name: string; expressions: boolean}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const video = useRef<HTMLVideoElement>(null);
  const [kept, setKept] = useState(() => keptSource(session.id));
  const [paused, setPaused] = useState(false);
  const [shot, setShot] = useState<Shot | null>(null);
  const device = session.kind === 'device';
  const sends = kept?.source === 'browser' && !device;
  const [over, setOver] = useState(false);
  const camera = useCamera(sends && !over, 'environment', kept?.finer);
  const live = useLive({session: device ? null : session.id, as: sends ? 'stream' : 'watch', mesh: 'contours', video, camera: camera.stream, paused, longest: kept?.finer ? 1280 : 640});
  const remote = useDeviceFeed(device ? session.id : null);
  const feed = device ? remote.feed : live.feed;
  const link = device ? (remote.failed ? 'away' : 'open') : live.link;
  const consents = useQuery(consentsQuery(session.person));
  const there = useMemo(() => inForce(consents.data ?? []), [consents.data]);
  const keywords = useQuery(keywordsQuery({session: session.id})), notes = useQuery(notesQuery({session: session.id}));
  const outbox = useOutbox(session.id);
  useLitScreen(sends && !over);
  const mayFilm = sends && expressions && there.has('store_images');
  const film = useVideo(session.id, camera.stream, mayFilm && kept?.video === true && !paused && !over, tellFailure);
  const marks = useMemo(() => (keywords.data ?? []).map((each) => ({at: each.from, text: each.word})), [keywords.data]);
  const now = openKeyword(keywords.data ?? []);
  // The camera's light goes out as soon as nothing may be recorded any more.
  if (live.ended !== null && !over) setOver(true);
  useEffect(() => {
    if (live.ended !== 'ended') return;
    // The stream says so at once, the session's own figures are made after that: asked for until they are there and this page gives way to them.
    const look = () => void queryClient.invalidateQueries({queryKey: sessionQuery(session.id).queryKey});
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [live.ended, queryClient, session.id]);

  const stop = async () => {
    try {
      await body(api.POST('/api/v1/sessions/{session}/end', {params: {path: {session: session.id}}}));
      setOver(true);
      await queryClient.invalidateQueries({queryKey: sessionQuery(session.id).queryKey});
    } catch (error) {
      tellFailure(error);
    }
  };
  const capture = async () => {
    const at = feed.serverNow().toISOString();
    const picture = video.current && await still(video.current);
    if (picture) setShot({picture, at, keyword: now?.word ?? null});
  };
  const sendFromHere = () => {
    const next = {source: 'browser' as const, finer: false, video: false};
    keepSource(session.id, next);
    setKept(next);
  };
  const choose = (wanted: boolean) => {
    if (!kept) return;
    const next = {...kept, video: wanted};
    keepSource(session.id, next);
    setKept(next);
  };

  return (
    <>
      <ControlBar name={name} started={session.started} feed={feed} link={link} sends={sends} paused={paused} onPause={setPaused} keeps={there.has('store_observations')}
        captureLacks={!expressions ? undefined : there.has('store_images') ? null : t`The person has not agreed to keeping pictures`} onCapture={() => void capture()} onStop={stop} video={mayFilm ? film : undefined} onVideo={choose} />
      {live.ended && live.ended !== 'ended' && <LiveProblem reason={live.ended} session={session} />}
      {sends && camera.trouble && !over && <CameraTroubleNote trouble={camera.trouble} retry={camera.retry} />}
      {device && <Alert variant="default" icon={<IconDeviceMobile aria-hidden />} mb="md"><Text size="sm"><Trans>Fed by an edge device. Its session number: <b>{session.id}</b></Trans></Text></Alert>}
      <div className={classes.room}>
        <div className={classes.column}>
          <Card title={<Trans>Picture</Trans>} aside={!sends && !device && session.camera === null && !over ? <Button size="compact-sm" variant="light" leftSection={<IconVideo size={15} aria-hidden />} onClick={sendFromHere}><Trans>Send from this device's camera</Trans></Button> : undefined}>
            <Stage feed={feed} stream={camera.stream} video={video} link={link} paused={paused} sends={sends} expressions={expressions} />
          </Card>
          <Card title={<Trans>What it is about</Trans>}><KeywordPanel session={session.id} feed={feed} keywords={keywords.data ?? []} outbox={outbox} /></Card>
          <Card title={<Trans>The last minutes</Trans>}><Timeline feed={feed} marks={marks} expressions={expressions} /></Card>
        </div>
        <div className={`${classes.column} ${classes.figures}`}>
          {expressions && <Card title={<Trans>Index</Trans>}><Gauge feed={feed} alone={device} /></Card>}
          {expressions && <Card title={<Trans>Expressions now</Trans>}><BarsPanel feed={feed} /></Card>}
          <Card title={<Trans>Signs of tiredness</Trans>}><FatiguePanel feed={feed} /></Card>
          {expressions && !device && <Card title={<Trans>What may come</Trans>}><ForecastPanel feed={feed} /></Card>}
        </div>
        <div className={classes.column}>
          <Card title={<Trans>Notes</Trans>}><NotesPanel session={session.id} feed={feed} notes={notes.data ?? []} outbox={outbox} /></Card>
          <NotADiagnosis model={session.model} />
        </div>
      </div>
      <CaptureDialog shot={shot} person={session.person} session={session.id} words={marks.map((mark) => mark.text)} onClose={() => setShot(null)} />
    </>
  );
}
