import {Trans, useLingui} from '@lingui/react/macro';
import {Tabs} from '@mantine/core';
import {IconLock} from '@tabler/icons-react';
import {useNavigate, useParams} from '@tanstack/react-router';
import {useAccount} from '@/app/account';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Page} from '@/shared/ui/Page';
import {Audit} from './audit/Audit';
import {Backups} from './Backups';
import {Cameras} from './cameras/Cameras';
import {ConsentTexts} from './consents/ConsentTexts';
import {HealthTab} from './HealthTab';
import {Retention} from './Retention';
import {SiteTab} from './SiteTab';
import {Users} from './users/Users';

const tabs = ['users', 'site', 'consents', 'retention', 'cameras', 'audit', 'backups', 'health'] as const;
type Tab = (typeof tabs)[number];

/** Everything about the site that is not about a person. Each tab has an address. */
export default function AdministrationPage() {
  const {t} = useLingui();
  const {account, site} = useAccount();
  const navigate = useNavigate();
  const {tab: asked} = useParams({strict: false});
  const tab = tabs.find((each) => each === asked) ?? 'users';
  const names: Record<Tab, string> = {users: t`Accounts`, cameras: t`Cameras`, site: t`Site`, consents: t`Consent texts`, retention: t`Retention`, audit: t`Audit log`, backups: t`Backups`, health: t`Health`};
  if (account.role !== 'administrator') {
    return (
      <Page title={t`Administration`}>
        <EmptyState icon={IconLock} title={<Trans>Only for administrators</Trans>}><Trans>Your role does not include this. An administrator of this site can help you.</Trans></EmptyState>
      </Page>
    );
  }
  return (
    <Page title={t`Administration`} lead={<Trans>Who works here, what the site may do, how long things are kept, and who did what. Records of people are not shown to administrators.</Trans>}>
      <Tabs value={tab} onChange={(next) => void navigate({to: `/admin/${next}`})} keepMounted={false}>
        <Tabs.List mb="md" style={{flexWrap: 'nowrap', overflowX: 'auto'}}>
          {tabs.map((each) => <Tabs.Tab key={each} value={each}>{names[each]}</Tabs.Tab>)}
        </Tabs.List>
        <Tabs.Panel value="users"><Users me={account.id} /></Tabs.Panel>
        <Tabs.Panel value="cameras"><Cameras /></Tabs.Panel>
        <Tabs.Panel value="site"><SiteTab site={site} /></Tabs.Panel>
        <Tabs.Panel value="consents"><ConsentTexts /></Tabs.Panel>
        <Tabs.Panel value="backups"><Backups /></Tabs.Panel>
        <Tabs.Panel value="retention"><Retention /></Tabs.Panel>
        <Tabs.Panel value="audit"><Audit /></Tabs.Panel>
        <Tabs.Panel value="health"><HealthTab /></Tabs.Panel>
      </Tabs>
    </Page>
  );
}
