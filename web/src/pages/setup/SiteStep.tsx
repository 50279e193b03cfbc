import {Trans} from '@lingui/react/macro';
import {Stack, Text} from '@mantine/core';
import type {ReactNode} from 'react';
import type {Site} from '@/app/account';
import {SiteForm} from '@/shared/site/SiteForm';

export function SiteStep({site, onDone, aside}: {site: Site; onDone: () => void; aside: ReactNode}) {
  return (
    <Stack>
      <Text size="sm" c="dimmed"><Trans>Looking at faces is sensitive, so a site says what it is for before anything is looked at. People who are asked for their consent read this.</Trans></Text>
      <SiteForm key={site.version} site={site} brief verb={<Trans>Save and go on</Trans>} onSaved={onDone} aside={aside} />
    </Stack>
  );
}
