import {Trans, useLingui} from '@lingui/react/macro';
import {Text} from '@mantine/core';
import {useQueryClient} from '@tanstack/react-query';
import {useNavigate} from '@tanstack/react-router';
import {api} from '@/api/client';
import type {Person} from '@/api/records';
import {forgetAccount} from '@/app/account';
import {Card} from '@/shared/ui/Card';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {tell, tellFailure} from '@/shared/ui/toasts';

export function Erase({person}: {person: Person}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const erase = async () => {
    try {
      await api.DELETE('/api/v1/people/{person}', {params: {path: {person: person.id}}});
    } catch (problem) {
      return tellFailure(problem);
    }
    tell(<Trans>Everything on you was erased.</Trans>);
    // The account went with it.
    await navigate({to: '/sign-in', search: {}});
    forgetAccount(queryClient);
  };
  return (
    <Card title={<Trans>Erase everything</Trans>}>
      <Text size="sm" mb="sm"><Trans>All that is kept of you goes: sessions, answers, notes, consents, pictures. The log keeps that it was done, and nothing of what it was. It cannot be undone; you may want to download it first.</Trans></Text>
      <ConfirmButton color="red" variant="light" title={t`Erase everything on you?`} verb={t`Erase everything`} typed={person.pseudonym} onConfirm={erase}
        question={<Trans>This cannot be undone. Backups that were made before keep it until they are replaced.</Trans>}>
        <Trans>Erase everything …</Trans>
      </ConfirmButton>
    </Card>
  );
}
