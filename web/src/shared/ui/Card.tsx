import {Box, Group, Text, Title, type BoxProps} from '@mantine/core';
import {useId, type ReactNode} from 'react';

interface Props extends BoxProps {
  title?: ReactNode;
  /** Beside the title, e.g. a link to more. */
  aside?: ReactNode;
  lead?: ReactNode;
  children: ReactNode;
}

/** A surface with a heading: the unit that pages are made of. */
export function Card({title, aside, lead, children, ...box}: Props) {
  const id = useId();
  return (
    <Box component="section" className="py-paper" p="md" aria-labelledby={title ? id : undefined} {...box}>
      {title && (
        <Group justify="space-between" mb={lead ? 4 : 'sm'}>
          <Title order={2} size="h3" id={id} flex="1 1 0" miw="min-content">{title}</Title>
          {aside}
        </Group>
      )}
      {lead && <Text size="sm" c="dimmed" mb="sm">{lead}</Text>}
      {children}
    </Box>
  );
}
