import {Trans} from '@lingui/react/macro';
import {Button} from '@mantine/core';
import {Link} from '@tanstack/react-router';
import type {Site} from '@/app/account';
import {SiteForm} from '@/shared/site/SiteForm';
import {Card} from '@/shared/ui/Card';
import {tell} from '@/shared/ui/toasts';
import {DemoCard} from './DemoCard';

export function SiteTab({site}: {site: Site}) {
  return (
    <>
      <Card title={<Trans>Site and mode</Trans>} maw={820} mb="md" aside={<Button component={Link} to="/setup" size="compact-sm" variant="subtle"><Trans>Guided set-up</Trans></Button>}>
        <SiteForm key={site.version} site={site} verb={<Trans>Save</Trans>} onSaved={() => tell(<Trans>The site is changed. What runs and is no longer allowed has ended.</Trans>)} />
      </Card>
      <DemoCard />
    </>
  );
}
