import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Badge, Button, Code, Group, Loader, Skeleton, Stack, Text} from '@mantine/core';
import {IconDatabaseExport, IconShieldCheck} from '@tabler/icons-react';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {api, body} from '@/api/client';
import {bytes, dateTime, relative} from '@/shared/format';
import {backupsQuery, statusQuery} from '@/shared/health/status';
import {Card} from '@/shared/ui/Card';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {tell, tellFailure} from '@/shared/ui/toasts';

/** Copies of everything as of one moment, made while the server runs. */
export function Backups() {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const backups = useQuery(backupsQuery);
  const anew = () => Promise.all([queryClient.invalidateQueries({queryKey: backupsQuery.queryKey}), queryClient.invalidateQueries({queryKey: statusQuery.queryKey})]);
  const make = useMutation({mutationFn: () => body(api.POST('/api/v1/backups')), onSuccess: anew, onError: tellFailure});
  const remove = async (backup: string) => {
    try {
      await api.DELETE('/api/v1/backups/{backup}', {params: {path: {backup}}});
      tell(<Trans>The backup is removed.</Trans>);
      await anew();
    } catch (problem) {
      tellFailure(problem);
    }
  };
  const running = backups.data?.running ?? null;
  return (
    <Card title={<Trans>Backups</Trans>} maw={900} lead={<Trans>Everything as of one moment, encrypted under this site's key, in the server's folder. Copy them, and the key, to another machine: a backup that burns with the server is none.</Trans>}
      aside={<Button size="compact-sm" leftSection={<IconDatabaseExport size={15} aria-hidden />} loading={make.isPending} disabled={running !== null} onClick={() => make.mutate()}><Trans>Back up now</Trans></Button>}>
      {backups.isPending && <Skeleton height={120} />}
      {backups.error && <Failure error={backups.error} retry={backups.refetch} />}
      <div role="status">
        {running && <Group gap="sm" mb="sm"><Loader size="xs" /><Text size="sm"><Trans>{running} is being made and looked through.</Trans></Text></Group>}
      </div>
      {backups.data?.error && <Alert color="red" variant="light" mb="sm" title={<Trans>The last backup failed</Trans>}>{backups.data.error}</Alert>}
      {backups.data?.rows.length === 0 && !running && <EmptyState icon={IconDatabaseExport} title={<Trans>No backups yet</Trans>}><Trans>Make the first one now; it takes seconds, and nobody has to stop working.</Trans></EmptyState>}
      <Stack gap={0} component="ul" m={0} p={0} style={{listStyle: 'none'}}>
        {backups.data?.rows.map((backup) => (
          <Group key={backup.name} component="li" justify="space-between" wrap="nowrap" py={8} style={{borderTop: '1px solid var(--py-line)'}}>
            <div>
              <Group gap="xs">
                <Code style={{overflowWrap: 'anywhere'}}>{backup.name}</Code>
                {backup.verified && <Badge size="sm" variant="light" tt="none" leftSection={<IconShieldCheck size={12} aria-hidden />}><Trans>looked through</Trans></Badge>}
                {backup.verified === false && <Badge size="sm" variant="light" color="red" tt="none"><Trans>damaged</Trans></Badge>}
              </Group>
              <Text size="xs" c="dimmed">{dateTime(backup.made)} ({relative(backup.made)}) · {bytes(backup.bytes)}</Text>
            </div>
            <ConfirmButton size="compact-sm" title={t`Remove this backup?`} verb={t`Remove`} question={<Trans>{backup.name} is deleted for good, with what lies beside it.</Trans>} onConfirm={() => remove(backup.name)}><Trans>Remove</Trans></ConfirmButton>
          </Group>
        ))}
      </Stack>
      <Text size="xs" c="dimmed" mt="md"><Trans>To go back to one, stop the server and run <Code>pyrometer admin restore FILE --data DIR</Code>; what was there is put aside.</Trans></Text>
    </Card>
  );
}
