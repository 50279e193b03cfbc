import {useLingui} from '@lingui/react/macro';
import type {Scope} from '@/features/consents/consents';

/** Each consent in plain words, and what happens without it. */
export function useScopeTexts(): Record<Scope, {title: string; without: string}> {
  const {t} = useLingui();
  return {
    live_analysis: {title: t`Analysis while the camera runs`, without: t`Without it there is no session.`},
    store_observations: {title: t`Keeping the figures`, without: t`Without it nothing stays when the session ends: no review, no trend.`},
    store_images: {title: t`Keeping pictures`, without: t`Without it no still picture can be captured.`},
    research_use: {title: t`Use in research`, without: t`Without it no study sees these figures.`},
    group_aggregates: {title: t`Counting in group figures`, without: t`Without it nothing of this person goes into group figures.`},
  };
}
