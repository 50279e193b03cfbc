import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Box, Stack, Table, Text} from '@mantine/core';
import {number, percent} from '@/shared/format';
import type {Evaluation} from './evaluation';

/** Two models on the same pictures, and whether the difference is more than chance. */
export function Against({evaluation}: {evaluation: Evaluation}) {
  const {t} = useLingui();
  const {against} = evaluation;
  if (!against) return null;
  const [low, high] = against.accuracy_difference_95;
  const points = (value: number) => number(value * 100, 1);
  const sure = against.p < 0.05;
  const rows = [
    [t`Right`, evaluation.accuracy, against.figures.accuracy],
    [t`Right, mean over classes`, evaluation.balanced_accuracy, against.figures.balanced_accuracy],
    [t`F1, mean over classes`, evaluation.macro_f1, against.figures.macro_f1],
  ] as const;
  return (
    <Stack gap="sm">
      <Text fw={600}>
        {!sure ? <Trans>No difference beyond chance between {evaluation.model} and {against.name}.</Trans>
          : against.accuracy_difference > 0 ? <Trans>{evaluation.model} is right more often than {against.name}.</Trans>
            : <Trans>{evaluation.model} is right less often than {against.name}.</Trans>}
      </Text>
      <Box style={{overflowX: 'auto'}} tabIndex={0} role="region" aria-label={t`The two models`}>
        <Table fz="sm" verticalSpacing={6} aria-label={t`The two models`}>
          <Table.Thead><Table.Tr><Table.Th /><Table.Th ta="end">{evaluation.model}</Table.Th><Table.Th ta="end">{against.name}</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {rows.map(([label, ours, theirs]) => <Table.Tr key={label} className="py-number"><Table.Td>{label}</Table.Td><Table.Td ta="end">{percent(ours, 1)}</Table.Td><Table.Td ta="end">{percent(theirs, 1)}</Table.Td></Table.Tr>)}
          </Table.Tbody>
        </Table>
      </Box>
      <Text size="sm">
        <Trans>Difference: {points(against.accuracy_difference)} points (95 % interval {points(low)} to {points(high)}).</Trans>{' '}
        <Plural value={against.only_this_right} one="# picture is right only with this model," other="# pictures are right only with this model," />{' '}
        <Plural value={against.only_other_right} one="# only with the other." other="# only with the other." />{' '}
        <Trans>{against.test}: p = {against.p < 0.001 ? '< 0.001' : number(against.p, 3)}.</Trans>
      </Text>
      <Text size="xs" c="dimmed"><Trans>Same pictures for both. If one of them was trained on these pictures, the comparison flatters it.</Trans></Text>
    </Stack>
  );
}
