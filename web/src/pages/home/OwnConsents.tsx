import {Trans} from '@lingui/react/macro';
import {Button, Group, Skeleton, Stack, Text, ThemeIcon} from '@mantine/core';
import {IconArrowRight, IconCheck, IconShieldLock} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {api, body} from '@/api/client';
import {allRows} from '@/api/pages';
import {date} from '@/shared/format';
import {inForce, useConsentNames} from '@/shared/people/consents';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';

/** What one has agreed to, and where to take it back. */
export function OwnConsents({person}: {person: string}) {
  const names = useConsentNames();
  const consents = useQuery({
    queryKey: ['people', person, 'consents', 'home'],
    queryFn: () => allRows((after) => body(api.GET('/api/v1/people/{person}/consents', {params: {path: {person}, query: {limit: 200, ...after}}}))),
  });
  const valid = (consents.data ?? []).filter((each) => inForce(each));
  const scopes = [...new Set(valid.flatMap((each) => each.scopes))];
  return (
    <Card title={<Trans>What you agreed to</Trans>} aside={<Button component={Link} to="/me" size="compact-sm" variant="subtle" rightSection={<IconArrowRight size={15} aria-hidden />}><Trans>Change</Trans></Button>}>
      {consents.isPending && <Skeleton height={80} />}
      {consents.error && <Failure error={consents.error} retry={consents.refetch} />}
      {consents.data && scopes.length === 0 && (
        <EmptyState icon={IconShieldLock} title={<Trans>Nothing yet</Trans>}><Trans>Nothing is looked at or kept before you agree to it. You are asked at your first check-in.</Trans></EmptyState>
      )}
      <Stack gap="xs" component="ul" m={0} p={0} style={{listStyle: 'none'}}>
        {scopes.map((scope) => {
          const ends = valid.filter((each) => each.scopes.includes(scope)).map((each) => each.until);
          const until = ends.every((each) => each !== null) ? ends.toSorted().at(-1) : null;
          return (
            <Group key={scope} component="li" gap="sm" wrap="nowrap">
              <ThemeIcon size={22} radius="xl" variant="light" aria-hidden><IconCheck size={14} /></ThemeIcon>
              <Text size="sm">{names[scope]}{until && <Text span size="xs" c="dimmed"> · <Trans>until {date(until)}</Trans></Text>}</Text>
            </Group>
          );
        })}
      </Stack>
      {scopes.length > 0 && <Text size="xs" c="dimmed" mt="sm"><Trans>You can withdraw each of them at any time, without giving a reason.</Trans></Text>}
    </Card>
  );
}
