import {Trans, useLingui} from '@lingui/react/macro';
import {useQuery} from '@tanstack/react-query';
import {Skeleton} from '@mantine/core';
import {IconLock, IconUsersGroup} from '@tabler/icons-react';
import {useAccount} from '@/app/account';
import {TeamMonths} from '@/shared/groups/TeamMonths';
import {teamsQuery} from '@/shared/groups/aggregates';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {Page} from '@/shared/ui/Page';
import {Organisations} from './Organisations';

function LeadGroups() {
  const {site} = useAccount();
  const hidden = site.mode === 'personal';
  const teams = useQuery({...teamsQuery, enabled: !hidden});
  if (hidden) return <EmptyState icon={IconLock} title={<Trans>This site shows nothing of groups</Trans>}><Trans>In its mode only participants see what is about them.</Trans></EmptyState>;
  if (teams.error) return <Failure error={teams.error} retry={teams.refetch} />;
  if (!teams.data) return <Skeleton height={240} />;
  if (teams.data.length === 0) return <EmptyState icon={IconUsersGroup} title={<Trans>No team is yours yet</Trans>}><Trans>An administrator joins you to a team as its lead. Then its months are shown here.</Trans></EmptyState>;
  return <Card title={<Trans>Month by month</Trans>}><TeamMonths teams={teams.data} site={site} /></Card>;
}

/** For the administrator: who belongs where. For a lead: figures of teams as a whole. */
export default function GroupsPage() {
  const {t} = useLingui();
  const {account, site} = useAccount();
  const administrator = account.role === 'administrator';
  return (
    <Page title={t`Groups`} lead={administrator
      ? <Trans>Organisations, their teams, and which leads see a team's figures. Figures need at least {site.k} people who agreed to be counted, and never name anyone.</Trans>
      : <Trans>Figures of teams of at least {site.k} people who agreed to be counted. Nobody's own figures are shown to you.</Trans>}>
      {administrator ? <Organisations /> : account.role === 'organisation_lead' ? <LeadGroups /> : (
        <EmptyState icon={IconLock} title={<Trans>Only for leads and administrators</Trans>}><Trans>Your role does not include this.</Trans></EmptyState>
      )}
    </Page>
  );
}
