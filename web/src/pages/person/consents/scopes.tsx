import {useLingui} from '@lingui/react/macro';
import type {components} from '@/api/schema';

export type Scope = components['schemas']['ConsentScope'];
export const scopes: readonly Scope[] = ['live_analysis', 'store_observations', 'store_images', 'research_use', 'group_aggregates'];

/** What each thing that one can agree to means, in plain words. */
export function useScopeTexts(expressions: boolean): Record<Scope, {name: string; what: string}> {
  const {t} = useLingui();
  return {
    live_analysis: expressions
      ? {name: t`Measuring during a session`, what: t`The camera's picture is looked at while a session runs: expressions, eyes, posture of the head. Pictures are not kept by this.`}
      : {name: t`Measuring during a session`, what: t`The camera's picture is looked at while a session runs: eyes and posture of the head, for signs of tiredness. Pictures are not kept by this.`},
    store_observations: {name: t`Keeping the figures`, what: t`The figures of each session are kept, so that it can be looked at again and followed over weeks. No pictures.`},
    store_images: {name: t`Keeping pictures and video`, what: t`Single pictures that somebody takes on purpose, and the video of a session, are kept.`},
    research_use: {name: t`Research`, what: t`Researchers of an approved study that you take part in see your figures under a pseudonym, never your name.`},
    group_aggregates: {name: t`Counting in a group`, what: t`You are counted in averages of your team. They are shown only of many people together; nobody can be told from them.`},
  };
}
