import {useLingui} from '@lingui/react/macro';
import {Box, Group, Table, Text, UnstyledButton} from '@mantine/core';
import {IconArrowDown, IconArrowUp, IconSelector} from '@tabler/icons-react';
import {flexRender, getCoreRowModel, getSortedRowModel, useReactTable, type ColumnDef, type SortingState} from '@tanstack/react-table';
import {useVirtualizer} from '@tanstack/react-virtual';
import {startTransition, useRef, useState, type ReactNode} from 'react';

interface Props<Row> {
  /** What the table holds, for those who hear it. */
  label: string;
  rows: readonly Row[];
  columns: ColumnDef<Row, any>[]; // of mixed values, as the library types them
  rowKey: (row: Row) => string;
  onRow?: (row: Row) => void;
  sorted?: SortingState;
  /** Where there are no rows. */
  empty?: ReactNode;
  /** Pixels; longer tables scroll within and draw only what is seen. */
  maxHeight?: number;
}

const kRowHeight = 44;
const kDrawAll = 60;

/** Rows with sortable columns; thousands of rows cost no more than those that are seen. */
export function DataTable<Row>({label, rows, columns, rowKey, onRow, sorted = [], empty, maxHeight = 640}: Props<Row>) {
  const {t} = useLingui();
  const [sorting, setSorting] = useState<SortingState>(sorted);
  const box = useRef<HTMLDivElement>(null);
  const table = useReactTable({
    // The press is answered before a thousand rows are in their new order.
    data: rows as Row[], columns, state: {sorting}, onSortingChange: (next) => startTransition(() => setSorting(next)),
    getRowId: rowKey, getCoreRowModel: getCoreRowModel(), getSortedRowModel: getSortedRowModel(),
  });
  const all = table.getRowModel().rows;
  const virtual = useVirtualizer({count: all.length, getScrollElement: () => box.current, estimateSize: () => kRowHeight, overscan: 12, enabled: all.length > kDrawAll});
  const few = all.length <= kDrawAll;
  const items = few ? null : virtual.getVirtualItems();
  const drawn = items ? items.map((item) => all[item.index]!) : all;
  const before = items?.[0]?.start ?? 0;
  const after = items ? virtual.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;

  if (rows.length === 0 && empty) return <>{empty}</>;
  return (
    <Box ref={box} style={{overflow: 'auto', maxHeight: few ? undefined : maxHeight}} tabIndex={few ? undefined : 0} role={few ? undefined : 'region'} aria-label={few ? undefined : label}>
      <Table stickyHeader highlightOnHover={!!onRow} aria-label={label} aria-rowcount={all.length + 1} verticalSpacing="xs">
        <Table.Thead bg="var(--py-paper)">
          {table.getHeaderGroups().map((group) => (
            <Table.Tr key={group.id}>
              {group.headers.map((header) => {
                const direction = header.column.getIsSorted();
                const Icon = direction === 'asc' ? IconArrowUp : direction === 'desc' ? IconArrowDown : IconSelector;
                const text = flexRender(header.column.columnDef.header, header.getContext());
                return (
                  <Table.Th key={header.id} aria-sort={direction ? (direction === 'asc' ? 'ascending' : 'descending') : undefined} style={{whiteSpace: 'nowrap'}}>
                    {header.column.getCanSort() && header.column.columnDef.header ? (
                      <UnstyledButton onClick={header.column.getToggleSortingHandler()} fz="sm" fw={600}>
                        <Group gap={4} wrap="nowrap">{text}<Icon size={14} aria-hidden opacity={direction ? 1 : 0.4} /></Group>
                      </UnstyledButton>
                    ) : <Text size="sm" fw={600}>{text}</Text>}
                  </Table.Th>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Thead>
        <Table.Tbody>
          {before > 0 && <tr aria-hidden style={{height: before}} />}
          {drawn.map((row, place) => (
            <Table.Tr key={row.id} aria-rowindex={(items?.[place]?.index ?? place) + 2} style={{cursor: onRow ? 'pointer' : undefined, height: kRowHeight}} onClick={onRow && (() => onRow(row.original))}
              tabIndex={onRow ? 0 : undefined} onKeyDown={onRow && ((e) => { if (e.key === 'Enter' && e.target === e.currentTarget) onRow(row.original); })}>
              {row.getVisibleCells().map((cell) => <Table.Td key={cell.id}>{flexRender(cell.column.columnDef.cell, cell.getContext())}</Table.Td>)}
            </Table.Tr>
          ))}
          {after > 0 && <tr aria-hidden style={{height: after}} />}
        </Table.Tbody>
      </Table>
      {rows.length === 0 && <Text size="sm" c="dimmed" p="md">{t`Nothing here yet.`}</Text>}
    </Box>
  );
}
