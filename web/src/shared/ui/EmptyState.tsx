import {Stack, Text, ThemeIcon} from '@mantine/core';
import type {ComponentType, ReactNode} from 'react';

/** Nothing here yet: what would be here, and how it gets here. */
export function EmptyState({icon: Icon, title, children, action}: {icon: ComponentType<{size?: number}>; title: ReactNode; children?: ReactNode; action?: ReactNode}) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md" ta="center">
      <ThemeIcon variant="light" size={48} radius="xl" aria-hidden><Icon size={26} /></ThemeIcon>
      <Text fw={600}>{title}</Text>
      {children && <Text size="sm" c="dimmed" maw={440}>{children}</Text>}
      {action}
    </Stack>
  );
}
