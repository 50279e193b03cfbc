import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Anchor, Box, Button, Group, SimpleGrid, Skeleton, Stack, Text, ThemeIcon, Title} from '@mantine/core';
import {IconAlertCircle, IconCircleCheck, IconRocket, IconShieldCheck} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import type {ReactNode} from 'react';
import {api, body} from '@/api/client';
import {useRoleNames} from '@/app/roles';
import type {Account, Site} from '@/app/account';
import {number, relative} from '@/shared/format';
import {usersQuery, type User} from '@/shared/accounts/users';
import {statusQuery} from '@/shared/health/status';
import {organisationsQuery} from '@/shared/groups/aggregates';
import {isUnfinished, keptProgress} from '@/shared/setup/progress';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {mattersOf, type Matter} from './attention';
import {Health} from './Health';

function Welcome() {
  return (
    <Box className="py-paper" p={{base: 'lg', sm: 'xl'}}>
      <Group gap="lg" wrap="nowrap" align="flex-start">
        <ThemeIcon size={52} radius="xl" variant="light" aria-hidden visibleFrom="xs"><IconRocket size={28} /></ThemeIcon>
        <Stack gap="xs" align="flex-start">
          <Title order={2}><Trans>Set up this site</Trans></Title>
          <Text c="dimmed" maw={560}><Trans>A few steps: what this site may do, who works here, what people agree to, whether the camera is good enough. Each can be skipped and taken up again; nothing is lost.</Trans></Text>
          <Button component={Link} to="/setup" size="md" mt="xs"><Trans>Go on with the set-up</Trans></Button>
        </Stack>
      </Group>
    </Box>
  );
}

function Attention({account, site, users}: {account: Account; site: Site; users: readonly User[]}) {
  const retention = useQuery({queryKey: ['retention'], queryFn: () => body(api.GET('/api/v1/retention'))});
  const status = useQuery(statusQuery);
  const texts: Record<Matter, (count: number) => {text: ReactNode; to: string; go: ReactNode}> = {
    'disk-full': () => ({text: <Trans>The server's disk is nearly full. When it is, nothing more can be kept.</Trans>, to: '/admin/health', go: <Trans>See</Trans>}),
    'no-backup': () => ({text: <Trans>There is no good backup of the last seven days.</Trans>, to: '/admin/backups', go: <Trans>Make one</Trans>}),
    'no-legal-basis': () => ({text: <Trans>The legal basis of this site is not written down.</Trans>, to: '/admin/site', go: <Trans>Write it</Trans>}),
    'own-authenticator': () => ({text: <Trans>Your account is guarded by a password alone.</Trans>, to: '/account', go: <Trans>Set up an authenticator</Trans>}),
    'administrators-without-authenticator': (count) => ({text: <Plural value={count} one="# other administrator signs in by a password alone." other="# other administrators sign in by a password alone." />, to: '/admin/users', go: <Trans>See who</Trans>}),
    'one-administrator': () => ({text: <Trans>You are the only administrator. A second one can let you in again if you lose your password.</Trans>, to: '/admin/users', go: <Trans>Add one</Trans>}),
    'unused-passwords': (count) => ({text: <Plural value={count} one="# account has not used its one-time password for a week." other="# accounts have not used their one-time password for a week." />, to: '/admin/users', go: <Trans>See which</Trans>}),
    'no-retention': () => ({text: <Trans>Nothing is ever deleted by itself: no rule says how long things are kept.</Trans>, to: '/admin/retention', go: <Trans>Set rules</Trans>}),
  };
  const matters = mattersOf({account, site, users, retention: retention.data, status: status.data});
  return (
    <Card title={<Trans>What needs attention</Trans>}>
      {matters.length === 0 && <EmptyState icon={IconCircleCheck} title={<Trans>All in order</Trans>}><Trans>What is missing or old is shown here: accounts, protection, backups, rules.</Trans></EmptyState>}
      <Stack gap={0} component="ul" m={0} p={0} style={{listStyle: 'none'}}>
        {matters.map(({matter, count}) => {
          const {text, to, go} = texts[matter](count);
          return (
            <Group key={matter} component="li" justify="space-between" wrap="nowrap" py={8} style={{borderTop: '1px solid var(--py-line)'}}>
              <Group gap="sm" wrap="nowrap"><ThemeIcon variant="light" color="ember" size={26} aria-hidden><IconAlertCircle size={16} /></ThemeIcon><Text size="sm">{text}</Text></Group>
              <Anchor component={Link} to={to} size="sm" style={{flexShrink: 0}}>{go}</Anchor>
            </Group>
          );
        })}
      </Stack>
    </Card>
  );
}

function Accounts({users}: {users: readonly User[]}) {
  const roles = useRoleNames();
  const real = users.filter((user) => !user.simulated && !user.disabled);
  const counts = Object.entries(roles).map(([role, name]) => ({role, name, count: real.filter((user) => user.role === role).length})).filter((each) => each.count > 0);
  return (
    <Card title={<Trans>Accounts</Trans>} aside={<Button component={Link} to="/admin/users" size="compact-sm" variant="default"><Trans>Manage</Trans></Button>}>
      <SimpleGrid cols={{base: 2, sm: 3}} spacing="sm">
        {counts.map(({role, name, count}) => (
          <div key={role}>
            <Text fz={26} fw={650} lh={1.2} className="py-number">{number(count)}</Text>
            <Text size="sm" c="dimmed">{name}</Text>
          </div>
        ))}
      </SimpleGrid>
    </Card>
  );
}

// What a lead's own page asks for and is kindly not told.
const kOrdinary = new Set(['too-few-people', 'period-not-over', 'not-declared']);

/** What was refused lately: a mistake, or somebody trying. */
function Refused({users}: {users: readonly User[]}) {
  const {t} = useLingui();
  const audit = useQuery({queryKey: ['audit', 'home'], queryFn: () => body(api.GET('/api/v1/audit', {params: {query: {limit: 200}}}))});
  const refused = (audit.data?.rows ?? []).filter((entry) => entry.outcome !== 'allowed' && !kOrdinary.has(entry.outcome)).slice(0, 6);
  const nameOf = (actor: string) => users.find((user) => user.id === actor)?.name ?? (/^[0-9a-f-]{36}$/.test(actor) ? t`A removed account` : actor);
  return (
    <Card title={<Trans>Refused lately</Trans>} aside={<Button component={Link} to="/admin/audit" size="compact-sm" variant="default"><Trans>Audit log</Trans></Button>}>
      {audit.isPending && <Skeleton height={80} />}
      {audit.error && <Failure error={audit.error} retry={audit.refetch} />}
      {audit.data && refused.length === 0 && <EmptyState icon={IconShieldCheck} title={<Trans>Nothing was refused</Trans>}><Trans>Among the last {audit.data.rows.length} entries of the audit log.</Trans></EmptyState>}
      <Stack gap={6} component="ul" m={0} p={0} style={{listStyle: 'none'}}>
        {refused.map((entry) => (
          <Group key={entry.number} component="li" justify="space-between" wrap="nowrap">
            <Text size="sm"><b>{nameOf(entry.actor)}</b> · {entry.action} · {entry.outcome}</Text>
            <Text size="xs" c="dimmed" style={{flexShrink: 0}}>{relative(entry.at)}</Text>
          </Group>
        ))}
      </Stack>
    </Card>
  );
}

export function AdministratorHome({account, site}: {account: Account; site: Site}) {
  const users = useQuery(usersQuery);
  const organisations = useQuery(organisationsQuery);
  const unfinished = users.data && organisations.data && isUnfinished({site, users: users.data, organisations: organisations.data}, keptProgress());
  if (users.error) return <Failure error={users.error} retry={users.refetch} />;
  if (!users.data) return <Skeleton height={260} />;
  return (
    <Stack gap="md">
      {unfinished && <Welcome />}
      <SimpleGrid cols={{base: 1, lg: 2}} spacing="md" style={{alignItems: 'start'}}>
        <Attention account={account} site={site} users={users.data} />
        <Stack>
          <Health />
          <Accounts users={users.data} />
          <Refused users={users.data} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}
