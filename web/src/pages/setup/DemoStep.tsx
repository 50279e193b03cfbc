import {Trans} from '@lingui/react/macro';
import {Group, Stack, Text} from '@mantine/core';
import type {ReactNode} from 'react';
import {DemoControl} from '@/shared/demo/DemoControl';

export function DemoStep({further}: {further: ReactNode}) {
  return (
    <Stack>
      <Text size="sm" c="dimmed"><Trans>Simulated people of two teams with weeks of sessions, to try everything out before anybody is asked. They are marked everywhere, count in no figure of this site, and go as a whole. You can add or remove them later under Administration.</Trans></Text>
      <DemoControl />
      <Group>{further}</Group>
    </Stack>
  );
}
