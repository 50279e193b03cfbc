import {useLingui} from '@lingui/react/macro';
import type {Hint} from './hints';

/** What to do, in few words: read at a glance beside the picture. */
export function useHintTexts(): Record<Hint, string> {
  const {t} = useLingui();
  return {
    nobody: t`No face in the picture`, more_light: t`More light on the face`, less_light: t`Less light: the face is too bright`, turn: t`Turn to the camera`,
    closer: t`Come closer`, into_picture: t`Move into the middle of the picture`, hold_still: t`Hold still for a moment`, uncover: t`Keep hands and hair off the face`,
  };
}
