import type {LiveFeed} from '@/features/live/feed';
import {useFeed} from '@/features/live/feed';
import {EmotionBars} from '@/shared/ui/emotions';

export function BarsPanel({feed}: {feed: LiveFeed}) {
  useFeed(feed, 10);
  const {face} = feed;
  return <EmotionBars p={face?.valid && face.p ? face.p : null} />;
}
