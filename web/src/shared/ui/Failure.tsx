import {Trans} from '@lingui/react/macro';
import {Alert, Button, Code, Group, Stack, Text} from '@mantine/core';
import {IconAlertTriangle} from '@tabler/icons-react';
import {Problem} from '@/api/problem';
import {describe} from './problemText';

/** An error where something should have been: what happened, what to do, and what to tell the administrator. */
export function Failure({error, retry}: {error: unknown; retry?: (() => void) | undefined}) {
  const id = error instanceof Problem ? error.requestId : null;
  return (
    <Alert variant="light" color="red" icon={<IconAlertTriangle aria-hidden />} role="alert" title={<Trans>That did not work</Trans>} m="md">
      <Stack gap="xs">
        <Text size="sm">{describe(error)}</Text>
        {id && <Text size="xs" c="dimmed"><Trans>For your administrator: request <Code>{id}</Code></Trans></Text>}
        <Group>
          <Button size="compact-sm" variant="default" onClick={() => (retry ? retry() : location.reload())}><Trans>Try again</Trans></Button>
        </Group>
      </Stack>
    </Alert>
  );
}
