import {Trans} from '@lingui/react/macro';
import {Skeleton} from '@mantine/core';
import {IconLock, IconUsersGroup} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import type {Site} from '@/app/account';
import {TeamMonths} from '@/shared/groups/TeamMonths';
import {teamsQuery} from '@/shared/groups/aggregates';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';

/** Teams as a whole, month by month; never a person. */
export function LeadHome({site}: {site: Site}) {
  const hidden = site.mode === 'personal';
  const teams = useQuery({...teamsQuery, enabled: !hidden});
  return (
    <Card title={<Trans>Your teams, month by month</Trans>} lead={<Trans>Only teams of at least {site.k} people who agreed to be counted. Nobody's own figures are shown to you, here or elsewhere.</Trans>}>
      {hidden && <EmptyState icon={IconLock} title={<Trans>This site shows nothing of groups</Trans>}><Trans>In its mode only participants see what is about them.</Trans></EmptyState>}
      {!hidden && teams.isPending && <Skeleton height={200} />}
      {teams.error && <Failure error={teams.error} retry={teams.refetch} />}
      {teams.data?.length === 0 && (
        <EmptyState icon={IconUsersGroup} title={<Trans>No team is yours yet</Trans>}><Trans>An administrator joins you to a team as its lead. Then its months are shown here.</Trans></EmptyState>
      )}
      {teams.data && teams.data.length > 0 && <TeamMonths teams={teams.data} site={site} />}
    </Card>
  );
}
