// Short messages that something was done, or failed, with an undo where that is possible.
import '@mantine/notifications/styles.layer.css';
import {t} from '@lingui/core/macro';
import {Trans} from '@lingui/react/macro';
import {Button, Group, Text, useDirection} from '@mantine/core';
import {Notifications, notifications} from '@mantine/notifications';
import {describe} from './problemText';

export function Toasts() {
  const {dir} = useDirection();
  return <Notifications position={dir === 'rtl' ? 'bottom-left' : 'bottom-right'} limit={4} />;
}

const closing = () => ({'aria-label': t`Close`});

export function tell(message: React.ReactNode) {
  notifications.show({message, color: 'petrol', withBorder: true, closeButtonProps: closing()});
}

export function tellFailure(error: unknown) {
  notifications.show({message: describe(error), color: 'red', withBorder: true, autoClose: 10_000, role: 'alert', closeButtonProps: closing()});
}

/** What was done can be taken back for ten seconds. */
export function tellWithUndo(message: React.ReactNode, undo: () => void) {
  const id = crypto.randomUUID();
  notifications.show({
    id,
    color: 'petrol',
    withBorder: true,
    autoClose: 10_000,
    closeButtonProps: closing(),
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button size="compact-sm" variant="light" onClick={() => { notifications.hide(id); undo(); }}><Trans>Undo</Trans></Button>
      </Group>
    ),
  });
}
