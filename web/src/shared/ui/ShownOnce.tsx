import {Trans} from '@lingui/react/macro';
import {Alert, Button, Code, CopyButton, Group, Stack, Text} from '@mantine/core';
import {IconCheck, IconCopy, IconKey, IconPrinter} from '@tabler/icons-react';
import type {ReactNode} from 'react';

interface Props {
  title: ReactNode;
  /** What it is for, and that it will not be shown again. */
  children?: ReactNode;
  /** What is told: one secret, or several. */
  secrets: readonly string[];
  /** Lines above the secrets on paper and in the clipboard, e.g. the account's name. */
  heading?: string;
  onDone: () => void;
}

/** Passwords, codes and tokens that the server tells once: to be copied or printed, then gone. */
export function ShownOnce({title, children, secrets, heading, onDone}: Props) {
  const text = [...(heading ? [heading] : []), ...secrets].join('\n');
  return (
    <Alert variant="light" color="ember" icon={<IconKey aria-hidden />} title={title} role="status" className="py-print-alone">
      <Stack gap="sm">
        {children && <Text size="sm">{children}</Text>}
        {heading && <Text size="sm" fw={600}>{heading}</Text>}
        <Group gap="xs">
          {secrets.map((secret) => <Code key={secret} fz="md" px="sm" py={4} style={{userSelect: 'all', overflowWrap: 'anywhere'}}>{secret}</Code>)}
        </Group>
        <Group gap="xs" className="py-no-print">
          <CopyButton value={text} timeout={3000}>
            {({copied, copy}) => (
              <Button size="compact-sm" variant="default" onClick={copy} leftSection={copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}>
                {copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
              </Button>
            )}
          </CopyButton>
          <Button size="compact-sm" variant="default" leftSection={<IconPrinter size={15} aria-hidden />} onClick={() => window.print()}><Trans>Print</Trans></Button>
          <Button size="compact-sm" onClick={onDone}><Trans>I have kept it</Trans></Button>
        </Group>
      </Stack>
    </Alert>
  );
}
