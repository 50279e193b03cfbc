import {Trans} from '@lingui/react/macro';
import {SimpleGrid, Stack} from '@mantine/core';
import {IconUserHeart} from '@tabler/icons-react';
import type {Site} from '@/app/account';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Alerts} from './Alerts';
import {Changed} from './Changed';
import {Sessions} from './Sessions';

/** Whom to see today, who may need something, whose weeks went another way. */
export function ClinicianHome({site}: {site: Site}) {
  if (site.mode === 'personal') {
    return <EmptyState icon={IconUserHeart} title={<Trans>This site is for personal use</Trans>}><Trans>Participants alone see what is about them here. An administrator can make it a clinical site, under Administration.</Trans></EmptyState>;
  }
  return (
    <SimpleGrid cols={{base: 1, lg: 2}} spacing="md" style={{alignItems: 'start'}}>
      <Sessions site={site} />
      <Stack>
        <Alerts />
        <Changed />
      </Stack>
    </SimpleGrid>
  );
}
