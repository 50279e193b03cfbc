import {Trans} from '@lingui/react/macro';
import {IconLock} from '@tabler/icons-react';
import {EmptyState} from '@/shared/ui/EmptyState';

/** Why there is nothing to do here for this role in this site, and who could change that. */
export function NotForYou({why}: {why: 'role' | 'mode'}) {
  return why === 'mode' ? (
    <EmptyState icon={IconLock} title={<Trans>Not in this site's mode</Trans>}>
      <Trans>Data sets, training and batch prediction belong to approved research, analysis of a patient's videos to clinical care. An administrator declares the mode of the site.</Trans>
    </EmptyState>
  ) : (
    <EmptyState icon={IconLock} title={<Trans>For researchers and clinicians</Trans>}>
      <Trans>Your role does not have pictures or videos analysed. Researchers do, where the site declares research; clinicians do for their patients.</Trans>
    </EmptyState>
  );
}
