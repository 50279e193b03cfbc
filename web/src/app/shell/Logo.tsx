import {Group, Text} from '@mantine/core';

export function Logo({size = 28}: {size?: number}) {
  return (
    <Group gap={10} wrap="nowrap">
      <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
        <rect width="32" height="32" rx="8" fill="#155e63" />
        <circle cx="16" cy="16" r="9" fill="none" stroke="#fff" strokeOpacity=".45" strokeWidth="2" />
        <path d="M16 7a9 9 0 0 1 9 9" fill="none" stroke="#ffb454" strokeWidth="3" strokeLinecap="round" />
        <circle cx="16" cy="16" r="3" fill="#fff" />
      </svg>
      <Text component="span" fw={700} fz={size * 0.64} lts="-0.01em">Pyrometer</Text>
    </Group>
  );
}
