import {useLingui} from '@lingui/react/macro';

/** Why a face could not be read, in words. */
export function useReasons(): (reason: string) => string {
  const {t} = useLingui();
  const words: Record<string, string> = {
    no_face: t`no face`, too_small: t`too small`, blurred: t`blurred`, turned_away: t`turned away`, too_dark: t`too dark`, too_bright: t`too bright`,
    occluded: t`covered`, outside_frame: t`at the edge of the picture`, lost: t`lost from sight`,
  };
  return (reason) => words[reason] ?? reason;
}
