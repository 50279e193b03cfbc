import {Trans, useLingui} from '@lingui/react/macro';
import {IconActivityHeartbeat} from '@tabler/icons-react';
import {useNavigate, useSearch} from '@tanstack/react-router';
import {useAccount} from '@/app/account';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Page} from '@/shared/ui/Page';
import {PersonRecord} from './PersonRecord';

/** A participant's own record. */
export default function MyRecordPage() {
  const {t} = useLingui();
  const {account} = useAccount();
  const {tab} = useSearch({strict: false}) as {tab?: string};
  const navigate = useNavigate();
  if (!account.person) {
    return (
      <Page title={t`My record`}>
        <EmptyState icon={IconActivityHeartbeat} title={<Trans>Your account has no record</Trans>}>
          <Trans>A record belongs to participants. Ask your administrator if you think that you should have one.</Trans>
        </EmptyState>
      </Page>
    );
  }
  return <PersonRecord person={account.person} own tab={tab} onTab={(next) => void navigate({to: '/me', search: {tab: next}, replace: true})} />;
}
