import {Trans} from '@lingui/react/macro';
import {Group, List, Stack, Text} from '@mantine/core';
import type {ReactNode} from 'react';
import {showsExpressions, type Site} from '@/app/account';
import {useConsentNames, type ConsentScope} from '@/shared/people/consents';

/** What people are asked to agree to, each for itself. */
export function ConsentStep({site, further}: {site: Site; further: ReactNode}) {
  const names = useConsentNames();
  const scopes: ConsentScope[] = ['live_analysis', 'store_observations', ...(showsExpressions(site) ? ['store_images' as const] : []), ...(site.mode === 'research' ? ['research_use' as const] : []), ...(site.mode === 'personal' ? [] : ['group_aggregates' as const])];
  return (
    <Stack>
      <Text size="sm" c="dimmed"><Trans>Nothing is looked at or kept before the person agrees. They agree to each of these on its own, for a named purpose, and can withdraw at any time.</Trans></Text>
      <List size="sm" spacing={6}>{scopes.map((scope) => <List.Item key={scope}>{names[scope]}</List.Item>)}</List>
      <Group>{further}</Group>
    </Stack>
  );
}
