import {Trans, useLingui} from '@lingui/react/macro';
import {Button} from '@mantine/core';
import {IconCompassOff} from '@tabler/icons-react';
import {Link} from '@tanstack/react-router';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Page} from '@/shared/ui/Page';

export function NotFound() {
  const {t} = useLingui();
  return (
    <Page title={t`Not found`}>
      <EmptyState icon={IconCompassOff} title={<Trans>There is no page at this address</Trans>} action={<Button component={Link} to="/" mt="sm"><Trans>Go to the start</Trans></Button>}>
        <Trans>The address may be mistyped, or what it named was removed.</Trans>
      </EmptyState>
    </Page>
  );
}
