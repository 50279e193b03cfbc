import {Trans, useLingui} from '@lingui/react/macro';
import {Button, Group, Modal, Stack, Text, TextInput, type ButtonProps} from '@mantine/core';
import {useState, type ReactNode} from 'react';

interface Props extends ButtonProps {
  /** What will happen, and whether it can be undone. */
  question: ReactNode;
  /** What else is to be chosen, under the question. */
  choice?: ReactNode;
  title: string;
  /** The word on the button that does it. */
  verb: string;
  /** Red, unless the deed destroys nothing. */
  verbColor?: string;
  /** To be typed first, for what destroys much. */
  typed?: string;
  onConfirm: () => void | Promise<void>;
  children: ReactNode;
}

/** A button whose deed is asked about first. */
export function ConfirmButton({question, choice, title, verb, verbColor = 'red', typed, onConfirm, children, ...button}: Props) {
  const {t} = useLingui();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [text, setText] = useState('');
  const close = () => { setOpen(false); setText(''); };
  return (
    <>
      <Button variant="default" style={{flexShrink: 0}} {...button} onClick={() => setOpen(true)}>{children}</Button>
      <Modal opened={open} onClose={close} title={title} centered closeButtonProps={{'aria-label': t`Close`}}>
        <Stack>
          <Text size="sm">{question}</Text>
          {choice}
          {typed && <TextInput label={<Trans>To confirm, type: {typed}</Trans>} value={text} onChange={(e) => setText(e.currentTarget.value)} data-autofocus />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}><Trans>Cancel</Trans></Button>
            <Button color={verbColor} loading={busy} disabled={typed !== undefined && text !== typed}
              onClick={async () => { setBusy(true); try { await onConfirm(); close(); } finally { setBusy(false); } }}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
