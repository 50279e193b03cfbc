import {Trans} from '@lingui/react/macro';
import {Alert, Button, Group, Stack, Text} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import type {FormEvent} from 'react';
import {api, body} from '@/api/client';
import {peopleQuery, personQuery, versionOf} from '@/api/records';
import {dateTime} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {FactFields, factsFault, factsOf, sentFacts} from '@/shared/ui/FactFields';
import {describe} from '@/shared/ui/problemText';
import {tell} from '@/shared/ui/toasts';
import {useDraft} from '@/shared/ui/useDraft';
import type {TabProps} from './PersonRecord';

/** Who the person is: changed here, kept as typed until it is saved. */
export function FactsTab({person, own}: TabProps) {
  const queryClient = useQueryClient();
  const known = factsOf(person);
  const [draft, setDraft, forget] = useDraft<typeof known | null>(`facts.${person.id}.${person.version}`, null);
  const facts = draft ?? known;
  const changed = sentFacts(facts, known);
  const fault = factsFault(facts);
  const any = Object.keys(changed).length > 0;
  const save = useMutation({
    mutationFn: () => body(api.PATCH('/api/v1/people/{person}', {params: {path: {person: person.id}, header: versionOf(person)}, body: changed})),
    onSuccess: (now) => {
      forget();
      queryClient.setQueryData(personQuery(person.id).queryKey, now);
      void queryClient.invalidateQueries({queryKey: peopleQuery.queryKey, exact: true});
      tell(<Trans>Saved.</Trans>);
    },
    onError: () => void queryClient.invalidateQueries({queryKey: personQuery(person.id).queryKey}),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (any && !fault) save.mutate();
  };
  return (
    <Card title={<Trans>Facts</Trans>} maw={760} lead={own ? <Trans>Only you and whom you chose see this. Researchers see your pseudonym alone.</Trans> : <Trans>The person sees this too.</Trans>}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {save.error && <Alert color="red" variant="light" role="alert">{describe(save.error)}</Alert>}
          <FactFields facts={facts} onChange={setDraft} fault={fault} />
          <Group justify="space-between">
            <Text size="xs" c="dimmed"><Trans>Last change: {dateTime(person.updated)}</Trans></Text>
            <Group gap="sm">
              {any && <Button variant="default" onClick={forget}><Trans>Discard changes</Trans></Button>}
              <Button type="submit" disabled={!any || fault !== null} loading={save.isPending}><Trans>Save</Trans></Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
