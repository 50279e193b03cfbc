import {Trans} from '@lingui/react/macro';
import {Badge, Group, Stack, Text} from '@mantine/core';
import type {ReactNode} from 'react';
import {useRoleNames} from '@/app/roles';
import {NewUserForm} from '@/shared/accounts/NewUserForm';
import type {User} from '@/shared/accounts/users';

/** The first accounts besides the administrator's. */
export function PeopleStep({users, skip, further}: {users: readonly User[]; skip: ReactNode; further: ReactNode}) {
  const roles = useRoleNames();
  const others = users.filter((user) => !user.simulated && user.role !== 'administrator');
  return (
    <Stack>
      <Text size="sm" c="dimmed"><Trans>Make an account for each person who will work with this site, to begin with a clinician. You give them the one-time password; they set their own.</Trans></Text>
      {others.length > 0 && (
        <Group gap="xs">{others.map((user) => <Badge key={user.id} variant="light" size="lg" tt="none">{user.display_name || user.name} · {roles[user.role]}</Badge>)}</Group>
      )}
      <NewUserForm roles={['clinician', 'participant', 'researcher', 'organisation_lead', 'administrator']} role="clinician" />
      <Group>{others.length > 0 ? further : skip}</Group>
    </Stack>
  );
}
