import {Trans} from '@lingui/react/macro';
import {Group, Text} from '@mantine/core';
import {IconMask} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {demoQuery} from '@/shared/demo/demo';

/** Stands above every page while simulated people are there. */
export function DemoBanner() {
  const {data} = useQuery(demoQuery);
  if (!data || data.state === 'none') return null;
  return (
    <Group className="py-demo py-no-print" gap="xs" px="md" py={6} wrap="nowrap" role="note">
      <IconMask size={16} aria-hidden style={{flexShrink: 0}} />
      <Text size="sm"><Trans>Demo data is in this site: simulated people, marked “Demo”. An administrator can remove it.</Trans></Text>
    </Group>
  );
}
