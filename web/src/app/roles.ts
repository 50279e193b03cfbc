// What the roles are called.
import {useLingui} from '@lingui/react/macro';
import type {Account} from './account';

export function useRoleNames(): Record<Account['role'], string> {
  const {t} = useLingui();
  return {
    administrator: t`Administrator`, clinician: t`Clinician`, researcher: t`Researcher`, organisation_lead: t`Organisation lead`,
    participant: t`Participant`, device: t`Device`,
  };
}
