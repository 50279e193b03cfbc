import {useLingui} from '@lingui/react/macro';
import {lazy, Suspense} from 'react';
import {useAccount} from '@/app/account';
import {weekday} from '@/shared/format';
import {Page} from '@/shared/ui/Page';
import {PageLoading} from '@/shared/ui/PageLoading';

const AdministratorHome = lazy(async () => ({default: (await import('./AdministratorHome')).AdministratorHome}));
const ClinicianHome = lazy(async () => ({default: (await import('./clinician/ClinicianHome')).ClinicianHome}));
const LeadHome = lazy(async () => ({default: (await import('./LeadHome')).LeadHome}));
const ParticipantHome = lazy(async () => ({default: (await import('./ParticipantHome')).ParticipantHome}));
const ResearcherHome = lazy(async () => ({default: (await import('./ResearcherHome')).ResearcherHome}));

/** What the day holds, by role; each role loads its own alone. */
export default function HomePage() {
  const {t} = useLingui();
  const {account, site} = useAccount();
  const name = account.display_name || account.name;
  const hour = new Date().getHours();
  const title = hour < 12 ? t`Good morning, ${name}` : hour < 18 ? t`Good afternoon, ${name}` : t`Good evening, ${name}`;
  return (
    <Page title={title} lead={weekday(Date.now())}>
      <Suspense fallback={<PageLoading />}>
        {account.role === 'clinician' && <ClinicianHome site={site} />}
        {account.role === 'participant' && account.person && <ParticipantHome person={account.person} site={site} />}
        {account.role === 'organisation_lead' && <LeadHome site={site} />}
        {account.role === 'researcher' && <ResearcherHome site={site} />}
        {account.role === 'administrator' && <AdministratorHome account={account} site={site} />}
      </Suspense>
    </Page>
  );
}
