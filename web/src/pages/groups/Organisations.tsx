import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Box, Group, NavLink, SimpleGrid, Skeleton, Stack, Text, Title} from '@mantine/core';
import {IconBuilding, IconUsersGroup} from '@tabler/icons-react';
import {useQuery, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import {organisationsQuery, teamsQuery} from '@/shared/groups/aggregates';
import {NameForm} from '@/shared/groups/NameForm';
import {Card} from '@/shared/ui/Card';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {tell, tellFailure} from '@/shared/ui/toasts';
import {Team} from './Team';

/** Organisations and their teams; the chosen team beside them. */
export function Organisations() {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const organisations = useQuery(organisationsQuery);
  const teams = useQuery(teamsQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  const anew = () => Promise.all([queryClient.invalidateQueries({queryKey: organisationsQuery.queryKey}), queryClient.invalidateQueries({queryKey: teamsQuery.queryKey})]);
  const makeOrganisation = async (name: string) => {
    await api.POST('/api/v1/organisations', {params: {header: {'Idempotency-Key': idempotencyKey()}}, body: {name}});
    await anew();
  };
  const makeTeam = async (organisation: string, name: string) => {
    const team = await body(api.POST('/api/v1/teams', {params: {header: {'Idempotency-Key': idempotencyKey()}}, body: {organisation, name}}));
    await anew();
    setChosen(team.id);
  };
  const removeOrganisation = async (organisation: string) => {
    try {
      await api.DELETE('/api/v1/organisations/{organisation}', {params: {path: {organisation}}});
      tell(<Trans>The organisation is removed.</Trans>);
      await anew();
    } catch (problem) {
      tellFailure(problem);
    }
  };
  const failed = organisations.error ?? teams.error;
  if (failed) return <Failure error={failed} retry={() => void anew()} />;
  if (!organisations.data || !teams.data) return <Skeleton height={260} />;
  const team = teams.data.find((each) => each.id === chosen) ?? teams.data[0];
  return (
    <SimpleGrid cols={{base: 1, md: 2}} spacing="md" style={{alignItems: 'start'}}>
      <Stack>
        {organisations.data.length === 0 && (
          <Card><EmptyState icon={IconBuilding} title={<Trans>No organisation yet</Trans>}><Trans>Begin with one, such as the hospital; then its teams, such as wards. Without any, everything but figures of groups works.</Trans></EmptyState></Card>
        )}
        {organisations.data.map((organisation) => {
          const mine = teams.data.filter((each) => each.organisation === organisation.id);
          return (
            <Card key={organisation.id} title={<Group gap="xs">{organisation.name}{organisation.simulated && <Badge size="sm" color="grape" variant="light" tt="none"><Trans>Demo</Trans></Badge>}</Group>}
              aside={mine.length === 0 && <ConfirmButton size="compact-sm" title={t`Remove ${organisation.name}?`} verb={t`Remove`} question={<Trans>It has no teams. Nothing else goes with it.</Trans>} onConfirm={() => removeOrganisation(organisation.id)}><Trans>Remove</Trans></ConfirmButton>}>
              <Stack gap="xs">
                {mine.map((each) => (
                  <NavLink key={each.id} component="button" type="button" label={each.name} active={each.id === team?.id} aria-current={each.id === team?.id || undefined} onClick={() => setChosen(each.id)} leftSection={<IconUsersGroup size={17} aria-hidden />} style={{borderRadius: 8}} />
                ))}
                {mine.length === 0 && <Text size="sm" c="dimmed"><Trans>No teams yet.</Trans></Text>}
                {!organisation.simulated && <NameForm size="xs" label={t`New team of ${organisation.name}`} placeholder={t`New team`} verb={<Trans>Add</Trans>} onName={(name) => makeTeam(organisation.id, name)} />}
              </Stack>
            </Card>
          );
        })}
        <Box>
          <Title order={2} size="h3" mb="xs"><Trans>Another organisation</Trans></Title>
          <NameForm label={t`Name of the organisation`} verb={<Trans>Add</Trans>} onName={makeOrganisation} />
        </Box>
      </Stack>
      {team && <Team key={team.id} team={team} onChanged={() => void anew()} />}
    </SimpleGrid>
  );
}
