import {Trans, useLingui} from '@lingui/react/macro';
import {Button, Group, Text, Tooltip} from '@mantine/core';
import {IconCamera, IconMovie, IconMovieOff, IconPlayerPause, IconPlayerPlay, IconPlayerStop} from '@tabler/icons-react';
import {useFeed, type LiveFeed} from '@/features/live/feed';
import type {Link} from '@/features/live/socket';
import type {Video} from '@/features/live/useVideo';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {Elapsed} from './Elapsed';
import {LinkState} from './LinkState';
import classes from './room.module.css';

interface Props {
  name: string;
  started: string;
  feed: LiveFeed;
  link: Link;
  sends: boolean;
  paused: boolean;
  onPause: (paused: boolean) => void;
  /** Why no picture can be kept; null where it can; undefined where this site keeps none at all. */
  captureLacks: string | null | undefined;
  onCapture: () => void;
  onStop: () => Promise<void>;
  keeps: boolean;
  /** Whether the picture itself is recorded; undefined where nobody may. */
  video: Video | undefined;
  onVideo: (wanted: boolean) => void;
}

/** Who it is, for how long, whether it is recorded; pause, capture, stop. */
export function ControlBar({name, started, feed, link, sends, paused, onPause, captureLacks, onCapture, onStop, keeps, video, onVideo}: Props) {
  const {t} = useLingui();
  useFeed(feed, 1);
  const measures = !paused && link === 'open' && feed.camera !== 'lost';
  return (
    <Group className={classes.bar} justify="space-between" gap="sm" role="toolbar" aria-label={t`Session`}>
      <Group gap="sm">
        <span className={classes.dot} data-still={!measures || undefined} aria-hidden />
        <Text fw={600} size="sm">{paused ? <Trans>Paused</Trans> : !measures ? <Trans>Not recording</Trans> : video === 'on' ? <Trans>Recording figures and video</Trans> : keeps ? <Trans>Recording figures</Trans> : <Trans>Live only, nothing is kept</Trans>}</Text>
        <Elapsed since={started} />
        <Text size="sm" c="dimmed">{name}</Text>
        <LinkState link={link} feed={feed} />
      </Group>
      <Group gap="xs">
        {sends && <Button size="sm" variant="default" leftSection={paused ? <IconPlayerPlay size={16} aria-hidden /> : <IconPlayerPause size={16} aria-hidden />} onClick={() => onPause(!paused)}>{paused ? <Trans>Go on</Trans> : <Trans>Pause</Trans>}</Button>}
        {video !== undefined && (
          <Button size="sm" variant="default" aria-pressed={video === 'on'} leftSection={video === 'on' ? <IconMovieOff size={16} aria-hidden /> : <IconMovie size={16} aria-hidden />} onClick={() => onVideo(video !== 'on')}>{video === 'on' ? <Trans>Stop the video</Trans> : <Trans>Record video</Trans>}</Button>
        )}
        {sends && captureLacks !== undefined && (
          <Tooltip label={captureLacks} disabled={captureLacks === null}>
            <Button size="sm" variant="default" leftSection={<IconCamera size={16} aria-hidden />} data-disabled={captureLacks !== null || undefined} aria-disabled={captureLacks !== null || undefined}
              onClick={() => { if (captureLacks === null) onCapture(); }}><Trans>Capture</Trans></Button>
          </Tooltip>
        )}
        <ConfirmButton size="sm" variant="filled" color="red.9" leftSection={<IconPlayerStop size={16} aria-hidden />} title={t`End the session?`} verb={t`End it`}
          question={<Trans>Its figures are made then, and nothing more can be added to the recording. Notes stay open.</Trans>} onConfirm={onStop}><Trans>End</Trans></ConfirmButton>
      </Group>
    </Group>
  );
}
