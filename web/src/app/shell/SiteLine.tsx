import {Trans, useLingui} from '@lingui/react/macro';
import {Group, Text} from '@mantine/core';
import type {components} from '@/api/schema';
import type {Site} from '@/app/account';

export function useModeNames(): Record<components['schemas']['Mode'], string> {
  const {t} = useLingui();
  return {personal: t`Personal`, clinical: t`Clinical`, research: t`Research`, fatigue_and_surveys: t`Fatigue and surveys only`};
}

/** The site's declared mode with its legal basis, on every page. */
export function SiteLine({site}: {site: Site}) {
  const modes = useModeNames();
  return (
    <Group h="100%" px="md" gap="md" wrap="nowrap" justify="space-between">
      <Text size="xs" c="dimmed" truncate title={site.legal_basis}>
        <Trans>Mode: <b>{modes[site.mode]}</b></Trans>{site.legal_basis ? ` · ${site.legal_basis}` : ''}
      </Text>
      <Text size="xs" c="dimmed" visibleFrom="sm" style={{flexShrink: 0}}><Trans>Not a diagnosis</Trans></Text>
    </Group>
  );
}
