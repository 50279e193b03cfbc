import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Code, Group, Stack, Table, Text} from '@mantine/core';
import {IconCheck, IconMinus, IconX} from '@tabler/icons-react';
import {dateTime} from '@/shared/format';
import type {Model} from '@/shared/jobs/useModels';
import {useOrigins} from './origins';
import type {HistoryEntry} from './queries';

const signs = {passed: IconCheck, failed: IconX, none: IconMinus} as const;

/** Whether the files are whole and compute what they should. */
export function SelfTest({state, fault}: {state: 'passed' | 'failed' | 'none'; fault?: string | undefined}) {
  const {t} = useLingui();
  const Icon = signs[state];
  const words = {passed: t`Self-test passed`, failed: t`Self-test failed`, none: t`No self-test`}[state];
  return (
    <Group gap="xs">
      <Badge variant={state === 'failed' ? 'filled' : 'light'} color={state === 'failed' ? 'red' : 'petrol'} tt="none" radius="sm" leftSection={<Icon size={13} aria-hidden />}>{words}</Badge>
      {fault && <Text size="sm" c="red">{fault}</Text>}
    </Group>
  );
}

export function Facts({model}: {model: Model}) {
  const origins = useOrigins();
  const rows: [React.ReactNode, React.ReactNode][] = [
    [<Trans key="l">From</Trans>, origins[model.origin]],
    ...(model.created ? [[<Trans key="l">Taken in</Trans>, dateTime(model.created)] as [React.ReactNode, React.ReactNode]] : []),
    ...(model.parent ? [[<Trans key="l">Made of</Trans>, model.parent] as [React.ReactNode, React.ReactNode]] : []),
    [<Trans key="l">Licence</Trans>, model.licence],
    [<Trans key="l">Source</Trans>, model.source],
    ['SHA-256', <Code key="c" style={{overflowWrap: 'anywhere'}}>{model.sha256}</Code>],
  ];
  return (
    <Table fz="sm" verticalSpacing={6}>
      <Table.Tbody>{rows.map(([name, value], at) => <Table.Tr key={at}><Table.Th scope="row" fw={500} style={{whiteSpace: 'nowrap', verticalAlign: 'top'}}>{name}</Table.Th><Table.Td style={{overflowWrap: 'anywhere'}}>{value}</Table.Td></Table.Tr>)}</Table.Tbody>
    </Table>
  );
}

/** What names have meant this version, and when. */
export function History({entries}: {entries: readonly HistoryEntry[]}) {
  const {t} = useLingui();
  const words: Record<string, string> = {add: t`taken in`, added: t`taken in`, promote: t`promoted`, promoted: t`promoted`, rollback: t`put back by a rollback`, rolled_back: t`put back by a rollback`};
  if (entries.length === 0) return <Text size="sm" c="dimmed"><Trans>Nothing yet: as it was shipped.</Trans></Text>;
  return (
    <Stack gap={6} component="ol" m={0} p={0} style={{listStyle: 'none'}}>
      {entries.map((entry, at) => (
        <Group key={at} component="li" gap="sm" wrap="nowrap" align="baseline">
          <Text size="xs" c="dimmed" className="py-number" style={{whiteSpace: 'nowrap'}}>{dateTime(entry.utc)}</Text>
          <Text size="sm">{entry.channel ? <Trans>{entry.channel}: {entry.model} {words[entry.event] ?? entry.event}</Trans> : `${entry.model} ${words[entry.event] ?? entry.event}`}</Text>
        </Group>
      ))}
    </Stack>
  );
}
