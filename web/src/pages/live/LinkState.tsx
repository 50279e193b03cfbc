import {Trans} from '@lingui/react/macro';
import {Badge} from '@mantine/core';
import {IconWifi, IconWifiOff} from '@tabler/icons-react';
import type {LiveFeed} from '@/features/live/feed';
import {useFeed} from '@/features/live/feed';
import type {Link} from '@/features/live/socket';
import {number} from '@/shared/format';

/** Whether the server hears us, and how many pictures a second it reads. */
export function LinkState({link, feed}: {link: Link; feed: LiveFeed}) {
  useFeed(feed, 1);
  if (link === 'open') return <Badge variant="light" tt="none" leftSection={<IconWifi size={13} aria-hidden />}><Trans>{number(feed.fps)} pictures/s</Trans></Badge>;
  return <Badge variant="light" color="ember" tt="none" leftSection={<IconWifiOff size={13} aria-hidden />}>{link === 'connecting' ? <Trans>Connecting</Trans> : <Trans>No connection</Trans>}</Badge>;
}
