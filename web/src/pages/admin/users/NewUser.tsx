import {useLingui} from '@lingui/react/macro';
import {Modal} from '@mantine/core';
import {NewUserForm} from '@/shared/accounts/NewUserForm';

export function NewUser({opened, onClose}: {opened: boolean; onClose: () => void}) {
  const {t} = useLingui();
  return (
    <Modal opened={opened} onClose={onClose} title={t`New account`} centered size="md" closeButtonProps={{'aria-label': t`Close`}}>
      <NewUserForm roles={['clinician', 'participant', 'researcher', 'organisation_lead', 'administrator', 'device']} role="clinician" />
    </Modal>
  );
}
