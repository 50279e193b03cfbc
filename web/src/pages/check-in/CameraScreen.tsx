import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Group, Progress, Stack, Text} from '@mantine/core';
import {IconPlayerStop} from '@tabler/icons-react';
import {useEffect, useMemo, useRef, useState} from 'react';
import {CameraTroubleNote} from '@/features/live/CameraTroubleNote';
import {LivePicture} from '@/features/live/LivePicture';
import {useCamera} from '@/features/live/camera';
import {useFeed} from '@/features/live/feed';
import {hintOf} from '@/features/live/hints';
import {useHintTexts} from '@/features/live/useHintTexts';
import {useLitScreen, useLive} from '@/features/live/useLive';
import {duration} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {Calm} from './Calm';
import {isDone, kReadableS, measure, notBegun, remainingS} from './measure';
import classes from './check-in.module.css';

interface Props {
  session: string;
  onDone: () => void;
  onStop: () => void;
  onWithdrawn: () => void;
}

/** First the face finds its place in the oval; then a minute of looking at something calm. */
export function CameraScreen({session, onDone, onStop, onWithdrawn}: Props) {
  const {t} = useLingui();
  const video = useRef<HTMLVideoElement>(null);
  const camera = useCamera(true, 'user');
  const {feed, link, ended} = useLive({session, as: 'stream', mesh: 'none', video, camera: camera.stream, paused: false, longest: 640});
  const [measured, setMeasured] = useState(notBegun);
  const hints = useHintTexts();
  useFeed(feed, 4);
  useLitScreen(true);

  useEffect(() => {
    let now = notBegun;
    return feed.subscribe(() => {
      const seen = feed.latest;
      if (!seen) return;
      const {face} = feed;
      now = measure(now, {timeS: seen.time_s, readable: face?.valid === true, wellPlaced: hintOf(face) === null});
      // Drawn some times a second only; the count itself goes by every frame.
      setMeasured((drawn) => (Math.floor(drawn.passedS * 2) === Math.floor(now.passedS * 2) && drawn.began === now.began && !isDone(now) ? drawn : now));
    });
  }, [feed]);
  const done = isDone(measured);
  useEffect(() => { if (done) onDone(); }, [done, onDone]);
  useEffect(() => {
    if (ended === 'consent-withdrawn') onWithdrawn();
    else if (ended) onDone();
  }, [ended, onDone, onWithdrawn]);

  const overlay = useMemo(() => ({mesh: false, boxes: false, mirrored: true, fit: 'cover' as const, label: () => ''}), []);
  const away = link !== 'open';
  const said = away ? t`The server cannot be reached; it goes on by itself` : feed.hintShown ? hints[feed.hintShown] : null;
  return (
    <Card title={measured.began ? <Trans>Look at the picture and let your thoughts go</Trans> : <Trans>Bring your face into the oval</Trans>}>
      <Stack gap="md">
        {camera.trouble && <CameraTroubleNote trouble={camera.trouble} retry={camera.retry} />}
        <div className={classes.camera} hidden={camera.trouble !== null}>
          {measured.began ? (
            <div style={{position: 'relative', aspectRatio: '1', borderRadius: 12, overflow: 'hidden'}}>
              <Calm />
            </div>
          ) : null}
          <div className={measured.began ? classes.small : undefined}>
            <LivePicture feed={feed} stream={camera.stream} video={video} label={t`Your picture, as in a mirror`} overlay={overlay} ratio={measured.began ? '3 / 4' : '1'} />
          </div>
          {!measured.began && (
            <svg className={classes.oval} viewBox="0 0 100 100" aria-hidden>
              <path d="M0 0 H100 V100 H0 Z M50 14 C 29 14 25 34 25 48 C 25 68 36 86 50 86 C 64 86 75 68 75 48 C 75 34 71 14 50 14 Z" fill="rgba(0, 18, 20, 0.45)" fillRule="evenodd" />
              <path d="M50 14 C 29 14 25 34 25 48 C 25 68 36 86 50 86 C 64 86 75 68 75 48 C 75 34 71 14 50 14 Z" fill="none" stroke={measured.settledS > 0 ? '#8ff0d8' : '#ffffff'} strokeWidth="0.9" />
            </svg>
          )}
          <div className={classes.hint} role="status">
            {said ? <span>{said}</span> : !measured.began ? <span data-good>{measured.settledS > 0 ? <Trans>Good, stay like this</Trans> : <Trans>The camera looks for your face</Trans>}</span> : null}
          </div>
        </div>
        {measured.began ? (
          <div>
            <Group justify="space-between"><Text size="sm" c="dimmed"><Trans>Still to go</Trans></Text><Text size="sm" fw={600} className="py-number" role="timer">{duration(remainingS(measured))}</Text></Group>
            <Progress value={100 - (100 * remainingS(measured)) / kReadableS} aria-label={t`How much is done`} mt={4} />
            {said && <Text size="xs" c="dimmed" mt={4}><Trans>The time goes on while your face can be seen.</Trans></Text>}
          </div>
        ) : <Text size="sm" c="dimmed"><Trans>Sit so that light falls on your face. It begins by itself when your face is well seen.</Trans></Text>}
        {away && link === 'away' && <Alert variant="light" color="ember"><Trans>No connection to the server. Nothing is lost: wait a moment.</Trans></Alert>}
        <Button size="md" variant="default" fullWidth leftSection={<IconPlayerStop size={18} aria-hidden />} onClick={onStop}><Trans>Stop</Trans></Button>
      </Stack>
    </Card>
  );
}
