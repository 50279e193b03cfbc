import {Trans, useLingui} from '@lingui/react/macro';
import {Box, Checkbox, Group, Stack, Table, Text} from '@mantine/core';
import {useMemo, useState} from 'react';
import {dateTime, number, percent} from '@/shared/format';
import type {Job} from '@/shared/jobs/jobs';
import {Curves} from './Curves';
import {useOptionNames, written} from './optionNames';
import {best, differing, epochsOf} from './runs';

const kMost = 6;

/** Runs beside one another: their curves, what differs between them, how far each got. */
export function Compare({jobs}: {jobs: readonly Job[]}) {
  const {t} = useLingui();
  const optionName = useOptionNames();
  const [chosen, setChosen] = useState<string[]>(() => jobs.slice(0, 3).map(({id}) => id));
  const some = useMemo(() => jobs.filter(({id}) => chosen.includes(id)), [jobs, chosen]);
  const name = (job: Job) => dateTime(job.created);
  const runs = useMemo(() => some.map((job) => ({name: name(job), epochs: epochsOf(job)})), [some]);
  const options = differing(some);
  return (
    <Stack>
      <Checkbox.Group value={chosen} onChange={setChosen} label={<Trans>Runs to compare</Trans>}>
        <Group gap="md" mt={6}>{jobs.map((job) => <Checkbox key={job.id} value={job.id} label={name(job)} disabled={!chosen.includes(job.id) && chosen.length >= kMost} size="sm" />)}</Group>
      </Checkbox.Group>
      {some.length > 0 && <Curves runs={runs} />}
      {some.length > 1 && (
        <Box style={{overflowX: 'auto'}} tabIndex={0} role="region" aria-label={t`What differs`}>
          <Table fz="sm" verticalSpacing={6} aria-label={t`What differs`}>
            <Table.Thead><Table.Tr><Table.Th /> {some.map((job) => <Table.Th key={job.id} style={{whiteSpace: 'nowrap'}}>{name(job)}</Table.Th>)}</Table.Tr></Table.Thead>
            <Table.Tbody className="py-number">
              <Table.Tr><Table.Td><Trans>Best accuracy</Trans></Table.Td>{some.map((job) => <Table.Td key={job.id}>{percent(best(epochsOf(job))?.hold_out_product, 1)}</Table.Td>)}</Table.Tr>
              <Table.Tr><Table.Td><Trans>In epoch</Trans></Table.Td>{some.map((job) => { const top = best(epochsOf(job)); return <Table.Td key={job.id}>{top ? number(top.epoch + 1) : '–'}</Table.Td>; })}</Table.Tr>
              {options.map((option) => (
                <Table.Tr key={option}><Table.Td>{optionName(option)}</Table.Td>{some.map((job) => <Table.Td key={job.id}>{written((job.request.options as Record<string, unknown>)[option])}</Table.Td>)}</Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Box>
      )}
      {some.length > 1 && <Text size="xs" c="dimmed"><Trans>Accuracies of different data or of another share held out cannot be compared with one another.</Trans></Text>}
    </Stack>
  );
}
