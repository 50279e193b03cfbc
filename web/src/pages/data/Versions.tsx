import {Trans, useLingui} from '@lingui/react/macro';
import {Box, Button, Code, Group, Select, Stack, Table, Text, TextInput} from '@mantine/core';
import {IconSnowflake} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {emotions} from '@/app/theme';
import {dateTime, number} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {useEmotionNames} from '@/shared/ui/emotions';
import {countsQuery, usePictureDeeds, versionsQuery, type Version} from './queries';

const rows = [...emotions, 'unlabelled'] as const;

/** Frozen pictures and labels: what a figure was computed on can be found again, and compared. */
export function Versions({dataset}: {dataset: string}) {
  const {t} = useLingui();
  const names = useEmotionNames();
  const {data, error, refetch} = useQuery(versionsQuery(dataset));
  const now = useQuery(countsQuery(dataset));
  const {freeze, drop} = usePictureDeeds(dataset);
  const [name, setName] = useState('');
  const [against, setAgainst] = useState<string | null>(null);
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  const versions = data?.rows ?? [];
  const base = versions.find(({id}) => id === against) ?? null;
  const current = {...now.data?.counts, unlabelled: now.data?.unlabelled ?? 0} as Record<string, number>;
  const columns: {key: string; name: string; counts: Record<string, number>; version: Version | null}[] = [
    {key: 'now', name: t`Now`, counts: current, version: null}, ...versions.map((version) => ({key: version.id, name: version.name, counts: version.counts, version})),
  ];
  const cell = (counts: Record<string, number>, each: string, version: Version | null) => {
    const count = counts[each] ?? 0, change = base && base.id !== version?.id ? count - (base.counts[each] ?? 0) : 0;
    return <>{number(count)}{change !== 0 && <Text span size="xs" c="dimmed"> ({change > 0 ? '+' : '−'}{number(Math.abs(change))})</Text>}</>;
  };
  const submit = (event: FormEvent) => { event.preventDefault(); freeze.mutate(name.trim(), {onSuccess: () => setName('')}); };
  return (
    <Stack>
      <Card title={t`Freeze a version`} lead={<Trans>A version never changes. Jobs may name it, so that a comparison of models stays on the same pictures. Pictures of a version cannot be removed.</Trans>}>
        <form onSubmit={submit}>
          <Group align="flex-end">
            <TextInput label={<Trans>Name</Trans>} placeholder={t`for example: first labelling`} value={name} onChange={(e) => setName(e.currentTarget.value)} maxLength={200} miw={260} />
            <Button type="submit" loading={freeze.isPending} disabled={!name.trim()} leftSection={<IconSnowflake size={16} aria-hidden />}><Trans>Freeze</Trans></Button>
          </Group>
        </form>
      </Card>
      <Card title={t`Versions`} aside={versions.length > 0 && <Select size="xs" w={200} clearable aria-label={t`Differences to`} placeholder={t`Differences to …`} value={against} onChange={setAgainst} data={versions.map((version) => ({value: version.id, label: version.name}))} clearButtonProps={{'aria-label': t`No differences`}} />}>
        {versions.length === 0 ? <EmptyState icon={IconSnowflake} title={<Trans>No versions yet</Trans>}><Trans>Freeze one before you train, so that you know later what was learnt from.</Trans></EmptyState> : (
          <Box style={{overflowX: 'auto'}} tabIndex={0} role="region" aria-label={t`Versions by class`}>
            <Table fz="sm" verticalSpacing={6} aria-label={t`Versions by class`}>
              <Table.Thead>
                <Table.Tr><Table.Th><Trans>Class</Trans></Table.Th>{columns.map(({key, name: title, version}) => <Table.Th key={key} ta="end" style={{whiteSpace: 'nowrap'}}>{title}{version && <Text size="xs" c="dimmed">{dateTime(version.created)}</Text>}</Table.Th>)}</Table.Tr>
              </Table.Thead>
              <Table.Tbody className="py-number">
                {rows.map((each) => <Table.Tr key={each}><Table.Td>{each === 'unlabelled' ? t`Without a label` : names[each]}</Table.Td>{columns.map(({key, counts, version}) => <Table.Td key={key} ta="end">{cell(counts, each, version)}</Table.Td>)}</Table.Tr>)}
                <Table.Tr>
                  <Table.Td><Trans>Digest</Trans></Table.Td><Table.Td />
                  {versions.map((version) => <Table.Td key={version.id} ta="end"><Code title={version.digest}>{version.digest.slice(0, 10)}</Code></Table.Td>)}
                </Table.Tr>
                <Table.Tr>
                  <Table.Td /><Table.Td />
                  {versions.map((version) => (
                    <Table.Td key={version.id} ta="end">
                      <ConfirmButton size="compact-xs" variant="subtle" color="gray" title={t`Remove this version?`} verb={t`Remove`} question={<Trans>Its pictures stay in the data set; what was computed of it keeps its digest.</Trans>} onConfirm={async () => { await drop.mutateAsync(version.id).catch(() => undefined); }}><Trans>Remove</Trans></ConfirmButton>
                    </Table.Td>
                  ))}
                </Table.Tr>
              </Table.Tbody>
            </Table>
          </Box>
        )}
      </Card>
    </Stack>
  );
}
