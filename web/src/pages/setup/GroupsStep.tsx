import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Group, List, Stack, Text, TextInput} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent, type ReactNode} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import type {components} from '@/api/schema';
import {organisationsQuery, teamsQuery} from '@/shared/groups/aggregates';
import {describe} from '@/shared/ui/problemText';

interface Props {
  organisations: readonly components['schemas']['Organisation'][];
  onDone: () => void;
  skip: ReactNode;
  further: ReactNode;
}

/** An organisation and its first team; more of them under Groups. */
export function GroupsStep({organisations, onDone, skip, further}: Props) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const [organisation, setOrganisation] = useState('');
  const [team, setTeam] = useState('');
  const [keys] = useState(() => [idempotencyKey(), idempotencyKey()] as const);
  const real = organisations.filter((each) => !each.simulated);
  const make = useMutation({
    mutationFn: async () => {
      const made = await body(api.POST('/api/v1/organisations', {params: {header: {'Idempotency-Key': keys[0]}}, body: {name: organisation.trim()}}));
      if (team.trim()) await api.POST('/api/v1/teams', {params: {header: {'Idempotency-Key': keys[1]}}, body: {organisation: made.id, name: team.trim()}});
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({queryKey: organisationsQuery.queryKey});
      void queryClient.invalidateQueries({queryKey: teamsQuery.queryKey});
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Stack>
      <Text size="sm" c="dimmed"><Trans>Needed only where leads should see figures of teams as a whole. Who belongs to a team is said later, under Groups.</Trans></Text>
      {real.length > 0 && (
        <>
          <List size="sm">{real.map((each) => <List.Item key={each.id}>{each.name}</List.Item>)}</List>
          <Group>{further}</Group>
        </>
      )}
      {real.length === 0 && (
        <form onSubmit={submit} noValidate>
          <Stack gap="sm">
            {make.error && <Alert color="red" variant="light" role="alert">{describe(make.error)}</Alert>}
            <TextInput label={<Trans>Organisation</Trans>} placeholder={t`St. Mary's Hospital`} maxLength={200} value={organisation} onChange={(e) => setOrganisation(e.currentTarget.value)} />
            <TextInput label={<Trans>Its first team</Trans>} placeholder={t`Ward 3`} maxLength={200} value={team} onChange={(e) => setTeam(e.currentTarget.value)} />
            <Group><Button type="submit" loading={make.isPending} disabled={!organisation.trim()}><Trans>Save and go on</Trans></Button>{skip}</Group>
          </Stack>
        </form>
      )}
    </Stack>
  );
}
