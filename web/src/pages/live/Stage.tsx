import {Trans, useLingui} from '@lingui/react/macro';
import {Box, Group, SegmentedControl, Stack, Switch, Text} from '@mantine/core';
import {useMemo, useState, type RefObject} from 'react';
import {LivePicture} from '@/features/live/LivePicture';
import type {LiveFeed} from '@/features/live/feed';
import {useFeed} from '@/features/live/feed';
import type {Face} from '@/features/live/protocol';
import type {Link} from '@/features/live/socket';
import {useHintTexts} from '@/features/live/useHintTexts';
import {emotions} from '@/app/theme';
import {percent} from '@/shared/format';
import {useEmotionNames} from '@/shared/ui/emotions';
import classes from './room.module.css';

interface Props {
  feed: LiveFeed;
  stream: MediaStream | null;
  video: RefObject<HTMLVideoElement | null>;
  link: Link;
  paused: boolean;
  /** Pictures go up from here; elsewhere only what was measured is drawn. */
  sends: boolean;
  expressions: boolean;
}

/** The picture with what was seen, hints over it, and whose figures stand beside it. */
export function Stage({feed, stream, video, link, paused, sends, expressions}: Props) {
  const {t} = useLingui();
  const names = useEmotionNames(), hints = useHintTexts();
  const [mesh, setMesh] = useState(true);
  const [mirrored, setMirrored] = useState(false);
  const overlay = useMemo(() => ({
    mesh, mirrored, boxes: true, fit: 'contain' as const,
    label: (face: Face) => {
      const best = expressions && face.valid ? face.p?.reduce<number>((most, p, at, all) => ((p ?? 0) > (all[most] ?? 0) ? at : most), 0) : undefined;
      const emotion = best === undefined ? undefined : emotions[best];
      return `${face.face_id + 1}${emotion ? ` · ${names[emotion]} ${percent(face.p?.[best ?? 0])}` : ''}`;
    },
  }), [mesh, mirrored, expressions, names]);
  return (
    <Stack gap="xs">
      <LivePicture feed={feed} stream={stream} video={video} label={t`The camera's picture`} overlay={overlay}>
        <Hint feed={feed} texts={hints} on={!paused && link === 'open'} />
        {paused && <div className={classes.veil}><Text fw={600}><Trans>Paused: no picture is sent</Trans></Text></div>}
        {!sends && link !== 'ended' && <Elsewhere feed={feed} />}
        {sends && link === 'away' && <div className={classes.veil}><Text fw={600} role="status"><Trans>The server cannot be reached. It goes on by itself as soon as it can; what happens until then is not measured.</Trans></Text></div>}
      </LivePicture>
      <Group justify="space-between">
        <Faces feed={feed} />
        <Group gap="md">
          <Switch size="xs" label={t`Mesh`} checked={mesh} onChange={(e) => setMesh(e.currentTarget.checked)} />
          <Switch size="xs" label={t`Mirror`} checked={mirrored} onChange={(e) => setMirrored(e.currentTarget.checked)} />
        </Group>
      </Group>
    </Stack>
  );
}

function Hint({feed, texts, on}: {feed: LiveFeed; texts: ReturnType<typeof useHintTexts>; on: boolean}) {
  useFeed(feed, 3);
  return <div className={classes.hint} role="status">{on && feed.hintShown && <Box>{texts[feed.hintShown]}</Box>}</div>;
}

/** What there is to see of a camera that is not this page's. */
function Elsewhere({feed}: {feed: LiveFeed}) {
  useFeed(feed, 3);
  const text = feed.camera === 'opening' ? <Trans>The camera is being opened</Trans>
    : feed.camera === 'lost' ? <Trans>The camera gives no picture. It is sought again; what happens until then is not measured.</Trans>
    : !feed.latest ? <Trans>Pictures stay where they are taken. Here you see what was measured, as soon as somebody is seen.</Trans>
    : feed.latest.width === 0 ? <Trans>Pictures stay where they are taken: from there come figures alone.</Trans> : null;
  return text && <div className={classes.veil}><Text size="sm" maw={320} role="status">{text}</Text></div>;
}

/** Where several people are seen: whose figures are shown. */
function Faces({feed}: {feed: LiveFeed}) {
  const {t} = useLingui();
  useFeed(feed, 5);
  const seen = [...feed.tracks.keys()].sort((a, b) => a - b).slice(0, 6);
  if (seen.length < 2) return <Text size="sm" c="dimmed">{seen.length === 1 ? <Trans>One person in the picture</Trans> : <Trans>Nobody in the picture yet</Trans>}</Text>;
  return <SegmentedControl size="xs" styles={{root: {flexWrap: 'wrap'}}} aria-label={t`Whose figures are shown`} value={String(feed.main)} onChange={(value) => feed.choose(Number(value))} data={seen.map((id) => ({value: String(id), label: t`Person ${id + 1}`}))} />;
}
