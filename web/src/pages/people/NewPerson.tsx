import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Group, Modal, Stack, Text} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useRef, type FormEvent} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import {peopleQuery, type Person} from '@/api/records';
import {emptyFacts, FactFields, factsFault, sentFacts} from '@/shared/ui/FactFields';
import {describe} from '@/shared/ui/problemText';
import {useDraft} from '@/shared/ui/useDraft';

/** A new record, in the care of whoever makes it. */
export function NewPerson({opened, onClose, onMade}: {opened: boolean; onClose: () => void; onMade: (person: Person) => void}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const [facts, setFacts, forget] = useDraft('new-person', emptyFacts);
  const key = useRef(idempotencyKey());
  const make = useMutation({
    mutationFn: () => body(api.POST('/api/v1/people', {params: {header: {'Idempotency-Key': key.current}}, body: sentFacts(facts)})),
    onSuccess: (person) => {
      key.current = idempotencyKey();
      forget();
      onClose();
      void queryClient.invalidateQueries({queryKey: peopleQuery.queryKey});
      onMade(person);
    },
    // Another try with other words is another request.
    onError: () => { key.current = idempotencyKey(); },
  });
  const fault = factsFault(facts);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!fault) make.mutate();
  };
  const empty = !facts.name.trim() && !facts.pseudonym.trim();
  return (
    <Modal opened={opened} onClose={onClose} title={t`New person`} centered size="lg">
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text size="sm" c="dimmed"><Trans>Only what you need. Nothing is measured until the person has agreed; their consent is the next step.</Trans></Text>
          {make.error && <Alert color="red" variant="light" role="alert">{describe(make.error)}</Alert>}
          <FactFields facts={facts} onChange={setFacts} fault={fault} autoFocus />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}><Trans>Close; keep what I typed</Trans></Button>
            <Button type="submit" loading={make.isPending} disabled={empty || fault !== null}><Trans>Make the record</Trans></Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
