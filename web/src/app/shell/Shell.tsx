import {Trans, useLingui} from '@lingui/react/macro';
import {AppShell, Box, Burger, Group, Text} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {Link, Outlet, useLocation} from '@tanstack/react-router';
import {lazy, Suspense, useEffect} from 'react';
import {useAccount, useMe} from '@/app/account';
import {PageLoading} from '@/shared/ui/PageLoading';
import {DemoBanner} from './DemoBanner';
import {Logo} from './Logo';
import {Navigation} from './Navigation';
import {SiteLine} from './SiteLine';

// With what a menu needs, after the page itself.
const AccountMenu = lazy(() => import('./AccountMenu').then((module) => ({default: module.AccountMenu})));

/** The frame around every page that somebody signed in sees; nothing in the moment between a login's end and the way out. */
export function Shell() {
  return useMe() ? <Frame /> : <PageLoading />;
}

/** Where one is, where one can go, what this site may do. */
function Frame() {
  const {t} = useLingui();
  const {account, site} = useAccount();
  const [open, {toggle, close}] = useDisclosure(false);
  const {pathname} = useLocation();
  useEffect(close, [pathname, close]);
  return (
    <AppShell header={{height: 56}} navbar={{width: 232, breakpoint: 'md', collapsed: {mobile: !open}}} footer={{height: 34}} padding={0}>
      <a href="#main" className="py-skip"><Trans>Go to the content</Trans></a>
      <AppShell.Header bg="var(--py-paper)" className="py-no-print">
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={open} onClick={toggle} hiddenFrom="md" size="sm" aria-label={open ? t`Close the menu` : t`Open the menu`} />
            <Link to="/" style={{textDecoration: 'none', color: 'inherit'}}><Logo /></Link>
          </Group>
          <Group gap="sm" wrap="nowrap">
            <Text size="sm" c="dimmed" visibleFrom="sm" truncate maw={320}>{site.name}</Text>
            <Suspense fallback={<Text size="sm" fw={600} px={8}>{account.display_name || account.name}</Text>}><AccountMenu account={account} /></Suspense>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar bg="var(--py-paper)" className="py-no-print" aria-label={t`Main`}>
        <Box flex={1} p="xs" style={{overflowY: 'auto'}}><Navigation role={account.role} mode={site.mode} /></Box>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} style={{outline: 'none'}}>
        <DemoBanner />
        <Suspense fallback={<PageLoading />}><Outlet /></Suspense>
      </AppShell.Main>
      <AppShell.Footer bg="var(--py-paper)"><SiteLine site={site} /></AppShell.Footer>
    </AppShell>
  );
}
