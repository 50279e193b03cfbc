import {Trans, useLingui} from '@lingui/react/macro';
import {Stack} from '@mantine/core';
import {IconClipboardHeart} from '@tabler/icons-react';
import {useJobAccess} from '@/shared/jobs/access';
import {JobTable} from '@/shared/jobs/JobTable';
import {NotForYou} from '@/shared/jobs/NotForYou';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Page} from '@/shared/ui/Page';
import {NewStudy} from './NewStudy';

const kinds = ['validate'] as const;

/** Does the score say what a questionnaire says? Set side by side, with statistics that hold. */
export default function StudiesPage() {
  const {t} = useLingui();
  const {research, why} = useJobAccess();
  return (
    <Page title={t`Studies`} lead={<Trans>Sets the score beside a questionnaire, person by person, and says what the figures can and cannot show.</Trans>}>
      {!research ? <Card><NotForYou why={why ?? 'role'} /></Card> : (
        <Stack gap="lg">
          <Card title={<Trans>New comparison</Trans>}><NewStudy /></Card>
          <Card title={<Trans>Comparisons so far</Trans>}>
            <JobTable kinds={kinds} to="/studies/$job" empty={
              <EmptyState icon={IconClipboardHeart} title={<Trans>None yet</Trans>}>
                <Trans>Each comparison stays here with its report, so that it can be read again beside later ones.</Trans>
              </EmptyState>
            } />
          </Card>
        </Stack>
      )}
    </Page>
  );
}
