import {Trans, useLingui} from '@lingui/react/macro';
import {Box, Table} from '@mantine/core';
import {number, percent} from '@/shared/format';
import {useEmotionNames} from '@/shared/ui/emotions';
import type {ClassFigures} from './evaluation';

/** Figures class by class, with the interval of what says most about a class. */
export function ClassTable({classes}: {classes: readonly ClassFigures[]}) {
  const {t} = useLingui();
  const names = useEmotionNames();
  return (
    <Box style={{overflowX: 'auto'}} tabIndex={0} role="region" aria-label={t`Figures by class`}>
      <Table verticalSpacing={6} fz="sm" aria-label={t`Figures by class`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th><Trans>Class</Trans></Table.Th>
            <Table.Th ta="end"><Trans>Pictures</Trans></Table.Th>
            <Table.Th ta="end"><Trans>Precision</Trans></Table.Th>
            <Table.Th ta="end"><Trans>Recall</Trans></Table.Th>
            <Table.Th ta="end"><Trans>95 % interval</Trans></Table.Th>
            <Table.Th ta="end">F1</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {classes.map((each) => (
            <Table.Tr key={each.class} className="py-number">
              <Table.Td>{names[each.class]}</Table.Td>
              <Table.Td ta="end">{number(each.support)}</Table.Td>
              <Table.Td ta="end">{percent(each.precision, 1)}</Table.Td>
              <Table.Td ta="end">{each.support > 0 ? percent(each.recall, 1) : '–'}</Table.Td>
              <Table.Td ta="end" c="dimmed">{each.support > 0 ? `${percent(each.recall_95[0])} – ${percent(each.recall_95[1])}` : '–'}</Table.Td>
              <Table.Td ta="end">{each.support > 0 ? number(each.f1, 2) : '–'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}
