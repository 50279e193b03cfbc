import {useLingui} from '@lingui/react/macro';
import {useCallback} from 'react';

/** "sessions.read" in words. */
export function useActionNames(): (action: string) => string {
  const {t} = useLingui();
  return useCallback((action: string) => {
    const [what = '', how = ''] = action.split('.');
    const things: Record<string, string> = {
      account: t`account`, people: t`record`, consents: t`consents`, sessions: t`sessions`, observations: t`figures of a session`, live: t`live session`, cameras: t`camera`, notes: t`notes`,
      keywords: t`keywords`, captures: t`pictures`, images: t`pictures`, labels: t`labels of pictures`, jobs: t`computations`, responses: t`answers to questionnaires`, trends: t`weeks`, alerts: t`alerts`,
      explanations: t`explanations`, search: t`search`, audit: t`this list`, videos: t`video`,
    };
    const deeds: Record<string, string> = {read: t`looked at`, write: t`changed`, delete: t`erased`, export: t`downloaded`, stream: t`measured`, watch: t`watched`, end: t`ended`};
    const thing = things[what] ?? what, deed = deeds[how] ?? how;
    return t`${thing}: ${deed}`;
  }, [t]);
}
