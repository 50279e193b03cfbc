import {Box, Group, Stack, Text, Title} from '@mantine/core';
import {useEffect, useRef, type ReactNode} from 'react';

interface Props {
  title: string;
  /** One plain sentence: what this page is for. */
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** Reading width for forms and texts; the whole width for tables and charts. */
  narrow?: boolean;
}

/** Where the last page stood; null before the first. */
let lastPath: string | null = null;

/** The frame of every page: its title (also the browser's), a sentence, its actions, its content. */
export function Page({title, lead, actions, children, narrow = false}: Props) {
  useEffect(() => {
    document.title = `${title} · Pyrometer`;
  }, [title]);
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever hears the page is told that it is another one, and goes on by the keyboard from its beginning.
  useEffect(() => {
    const {pathname} = location;
    if (lastPath !== null && lastPath !== pathname && !document.getElementById('main')?.contains(document.activeElement)) heading.current?.focus({preventScroll: true});
    lastPath = pathname;
  }, []);
  return (
    <Box px={{base: 'md', sm: 'xl'}} py="lg" maw={narrow ? 820 : 1480} mx="auto">
      <Group justify="space-between" align="flex-end" mb="lg" gap="md">
        <Stack gap={4}>
          <Title order={1} ref={heading} tabIndex={-1} style={{outline: 'none'}}>{title}</Title>
          {lead && <Text c="dimmed" maw={720}>{lead}</Text>}
        </Stack>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Box>
  );
}
