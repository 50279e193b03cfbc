import {Box, Text} from '@mantine/core';
import type {ReactNode} from 'react';

/** One figure with its name, and what it should be read with. */
export function Tile({label, value, detail}: {label: ReactNode; value: ReactNode; detail?: ReactNode}) {
  return (
    <Box className="py-paper" p="md">
      <Text size="sm" c="dimmed">{label}</Text>
      <Text fz={26} fw={650} lh={1.25} className="py-number">{value}</Text>
      {detail && <Text size="xs" c="dimmed" className="py-number">{detail}</Text>}
    </Box>
  );
}
