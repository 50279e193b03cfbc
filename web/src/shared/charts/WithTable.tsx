import {Trans, useLingui} from '@lingui/react/macro';
import {Box, SegmentedControl, Table} from '@mantine/core';
import {useState, type ReactNode} from 'react';

interface Props {
  children: ReactNode;
  caption: string;
  columns: readonly string[];
  /** As they are to be read; at most some hundreds. */
  rows: () => readonly (readonly ReactNode[])[];
}

/** A chart, or the same figures as a table, as the reader likes. */
export function WithTable({children, caption, columns, rows}: Props) {
  const {t} = useLingui();
  const [as, setAs] = useState('chart');
  return (
    <Box>
      {as === 'chart' ? children : (
        <Box style={{overflow: 'auto', maxHeight: 420}} tabIndex={0} role="region" aria-label={caption}>
          <Table stickyHeader verticalSpacing={4} fz="sm" captionSide="top">
            <Table.Caption>{caption}</Table.Caption>
            <Table.Thead bg="var(--py-paper)"><Table.Tr>{columns.map((column) => <Table.Th key={column}>{column}</Table.Th>)}</Table.Tr></Table.Thead>
            <Table.Tbody>{rows().map((row, at) => <Table.Tr key={at}>{row.map((cell, c) => <Table.Td key={c} className="py-number">{cell}</Table.Td>)}</Table.Tr>)}</Table.Tbody>
          </Table>
        </Box>
      )}
      <SegmentedControl size="xs" mt="xs" value={as} onChange={setAs} aria-label={t`Show as`} data={[{value: 'chart', label: <Trans>Chart</Trans>}, {value: 'table', label: <Trans>Table</Trans>}]} className="py-no-print" />
    </Box>
  );
}
