import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Badge, Button, Group, Select, Skeleton, Stack, Text, TextInput} from '@mantine/core';
import {IconUserHeart, IconUsersPlus} from '@tabler/icons-react';
import {useQuery, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import {allRows} from '@/api/pages';
import type {components} from '@/api/schema';
import {useAccount} from '@/app/account';
import {usersQuery, type User} from '@/shared/accounts/users';
import {NameForm} from '@/shared/groups/NameForm';
import {Card} from '@/shared/ui/Card';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {tell, tellFailure, tellWithUndo} from '@/shared/ui/toasts';

type TeamRow = components['schemas']['Team'];
const kId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const shownName = (user: User | undefined) => user && (user.display_name || user.name);

/** Who belongs to a team. Administrators see accounts, not records, so people are told by the account that is joined to their record. */
function Members({team, users}: {team: TeamRow; users: readonly User[]}) {
  const {t} = useLingui();
  const {site} = useAccount();
  const queryClient = useQueryClient();
  const queryKey = ['teams', team.id, 'members'];
  const [record, setRecord] = useState('');
  const members = useQuery({queryKey, queryFn: () => allRows((after) => body(api.GET('/api/v1/teams/{team}/members', {params: {path: {team: team.id}, query: {limit: 200, ...after}}})))});
  const anew = () => queryClient.invalidateQueries({queryKey});
  const add = async (person: string) => {
    try {
      await api.POST('/api/v1/teams/{team}/members', {params: {path: {team: team.id}, header: {'Idempotency-Key': idempotencyKey()}}, body: {person}});
      setRecord('');
      await anew();
    } catch (problem) {
      tellFailure(problem);
    }
  };
  const remove = async (member: string, person: string, name: string) => {
    try {
      await api.DELETE('/api/v1/members/{member}', {params: {path: {member}}});
      tellWithUndo(<Trans>{name} left {team.name}.</Trans>, () => void add(person));
      await anew();
    } catch (problem) {
      tellFailure(problem);
    }
  };
  const joined = new Set(members.data?.map((member) => member.person));
  const free = users.filter((user) => user.role === 'participant' && user.person && !joined.has(user.person) && !user.disabled && user.simulated === team.simulated);
  const count = members.data?.length ?? 0;
  return (
    <Card title={<Trans>People</Trans>} aside={members.data && <Badge variant="light" color={count >= site.k ? 'petrol' : 'gray'} tt="none"><Plural value={count} one="# person" other="# people" /></Badge>}
      lead={<Trans>Each is counted only while they agree to it. Figures need {site.k} who do.</Trans>}>
      <Stack gap="sm">
        {members.error && <Failure error={members.error} retry={members.refetch} />}
        {members.isPending && <Skeleton height={60} />}
        {count === 0 && members.data && <EmptyState icon={IconUsersPlus} title={<Trans>Nobody belongs to it yet</Trans>} />}
        <Stack gap={2} component="ul" m={0} p={0} style={{listStyle: 'none', maxHeight: 320, overflowY: 'auto'}} tabIndex={count > 8 ? 0 : undefined}>
          {members.data?.map((member) => {
            const name = shownName(users.find((user) => user.person === member.person)) ?? t`Record ${member.person.slice(0, 8)}`;
            return (
              <Group key={member.id} component="li" justify="space-between" wrap="nowrap">
                <Text size="sm">{name}</Text>
                <Button size="compact-xs" variant="subtle" color="gray" onClick={() => void remove(member.id, member.person, name)} aria-label={t`Take out ${name}`}><Trans>Take out</Trans></Button>
              </Group>
            );
          })}
        </Stack>
        {!team.simulated && (
          <>
            <Select label={<Trans>Add somebody with an account</Trans>} searchable value={null} placeholder={free.length > 0 ? t`Choose a participant` : t`All participants belong to it already`} disabled={free.length === 0} nothingFoundMessage={t`Nobody of this name`}
              data={free.map((user) => ({value: user.person ?? '', label: shownName(user) ?? ''}))} onChange={(person) => person && void add(person)} />
            <Group align="flex-end" gap="xs" wrap="nowrap">
              <TextInput flex={1} size="xs" label={<Trans>Or by the number of the record</Trans>} spellCheck={false} value={record} onChange={(e) => setRecord(e.currentTarget.value)} />
              <Button size="xs" variant="default" disabled={!kId.test(record.trim())} onClick={() => void add(record.trim())}><Trans>Add</Trans></Button>
            </Group>
          </>
        )}
      </Stack>
    </Card>
  );
}

function Leads({team, users}: {team: TeamRow; users: readonly User[]}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const queryKey = ['teams', team.id, 'leads'];
  const leads = useQuery({queryKey, queryFn: () => allRows((after) => body(api.GET('/api/v1/teams/{team}/leads', {params: {path: {team: team.id}, query: {limit: 200, ...after}}})))});
  const anew = () => queryClient.invalidateQueries({queryKey});
  const add = async (account: string) => {
    try {
      await api.POST('/api/v1/teams/{team}/leads', {params: {path: {team: team.id}, header: {'Idempotency-Key': idempotencyKey()}}, body: {account}});
      await anew();
    } catch (problem) {
      tellFailure(problem);
    }
  };
  const remove = async (lead: string, account: string | undefined) => {
    try {
      await api.DELETE('/api/v1/leads/{lead}', {params: {path: {lead}}});
      if (account) tellWithUndo(<Trans>{account} no longer sees {team.name}.</Trans>, () => void add(account));
      await anew();
    } catch (problem) {
      tellFailure(problem);
    }
  };
  const free = users.filter((user) => user.role === 'organisation_lead' && !user.disabled && user.simulated === team.simulated && !leads.data?.some((lead) => lead.account === user.id));
  return (
    <Card title={<Trans>Leads</Trans>} lead={<Trans>They see this team's figures by month, and nobody's name.</Trans>}>
      <Stack gap="sm">
        {leads.error && <Failure error={leads.error} retry={leads.refetch} />}
        {leads.data?.length === 0 && <EmptyState icon={IconUserHeart} title={<Trans>Nobody sees its figures yet</Trans>} />}
        {leads.data?.map((lead) => {
          const user = users.find((each) => each.id === lead.account);
          const name = shownName(user) ?? t`A removed account`;
          return (
            <Group key={lead.id} justify="space-between" wrap="nowrap">
              <Text size="sm">{name}</Text>
              <Button size="compact-xs" variant="subtle" color="gray" onClick={() => void remove(lead.id, user?.name)} aria-label={t`No longer: ${name}`}><Trans>No longer</Trans></Button>
            </Group>
          );
        })}
        {!team.simulated && (
          <Select label={<Trans>Add an organisation lead</Trans>} searchable value={null} placeholder={free.length > 0 ? t`Choose a lead` : t`No other account of this role`} disabled={free.length === 0} data={free.map((user) => ({value: user.name, label: shownName(user) ?? ''}))} onChange={(account) => account && void add(account)} />
        )}
      </Stack>
    </Card>
  );
}

/** One team: its name, its people, its leads. */
export function Team({team, onChanged}: {team: TeamRow; onChanged: () => void}) {
  const {t} = useLingui();
  const users = useQuery(usersQuery);
  const rename = async (name: string) => {
    await api.PATCH('/api/v1/teams/{team}', {params: {path: {team: team.id}, header: {'If-Match': `"${team.version}"`}}, body: {name}});
    onChanged();
  };
  const remove = async () => {
    try {
      await api.DELETE('/api/v1/teams/{team}', {params: {path: {team: team.id}}});
      tell(<Trans>{team.name} is removed.</Trans>);
      onChanged();
    } catch (problem) {
      tellFailure(problem);
    }
  };
  if (users.error) return <Failure error={users.error} retry={users.refetch} />;
  if (!users.data) return <Skeleton height={240} />;
  return (
    <Stack>
      <Card title={team.name} aside={!team.simulated && <ConfirmButton size="compact-sm" title={t`Remove ${team.name}?`} verb={t`Remove`} question={<Trans>Its people and leads are no longer joined to it; their records and accounts stay.</Trans>} onConfirm={remove}><Trans>Remove</Trans></ConfirmButton>}>
        {team.simulated ? <Text size="sm" c="dimmed"><Trans>A team of the demo: its people are simulated.</Trans></Text> : <NameForm size="xs" label={t`Another name for ${team.name}`} placeholder={t`Another name`} verb={<Trans>Rename</Trans>} onName={rename} />}
      </Card>
      <Members team={team} users={users.data} />
      <Leads team={team} users={users.data} />
    </Stack>
  );
}
