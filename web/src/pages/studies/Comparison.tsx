import {Trans, useLingui} from '@lingui/react/macro';
import {Box, SimpleGrid, Stack, Table, Text} from '@mantine/core';
import {number} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {AgreementChart, ScatterChart} from './charts';
import {pText} from './numbers';
import {reasonText} from './reasons';
import {InWords} from './statements';
import type {Point, Validation} from './validation';

interface Line {
  name: string;
  value: number | null | undefined;
  low?: number | null | undefined;
  high?: number | null | undefined;
  p?: number | null | undefined;
  n: string;
}

/** The figures that hold for these pairs: those of independent persons, or within and between persons where persons repeat. */
function useLines(v: Validation): Line[] {
  const {t} = useLingui();
  const pairs = t`${v.n} pairs`, persons = t`${v.persons} persons`;
  const repeated = v.repeated_measures;
  if (v.repeated && repeated) {
    return [
      {name: t`Between persons (means): r`, value: repeated.between?.r, low: repeated.between?.low, high: repeated.between?.high, p: repeated.between?.p, n: persons},
      {name: t`Within persons: rmcorr`, value: repeated.rmcorr?.r, low: repeated.rmcorr?.low, high: repeated.rmcorr?.high, p: repeated.rmcorr?.p, n: pairs},
      {name: t`Mixed model, slope between`, value: repeated.mixed?.between.value, low: repeated.mixed?.between.low, high: repeated.mixed?.between.high, p: repeated.mixed?.between.p, n: persons},
      {name: t`Mixed model, slope within`, value: repeated.mixed?.within.value, low: repeated.mixed?.within.low, high: repeated.mixed?.within.high, p: repeated.mixed?.within.p, n: pairs},
      {name: t`Retest of the score: ICC(A,1)`, value: repeated.retest?.score?.icc_a_1.value, low: repeated.retest?.score?.icc_a_1.low, high: repeated.retest?.score?.icc_a_1.high, p: repeated.retest?.score?.icc_a_1.p, n: persons},
      {name: t`Retest of the questionnaire: ICC(A,1)`, value: repeated.retest?.survey?.icc_a_1.value, low: repeated.retest?.survey?.icc_a_1.low, high: repeated.retest?.survey?.icc_a_1.high, p: repeated.retest?.survey?.icc_a_1.p, n: persons},
    ];
  }
  return [
    {name: t`Pearson’s r`, value: v.pearson.r, low: v.pearson.low, high: v.pearson.high, p: v.pearson.permutation_p ?? v.pearson.p, n: persons},
    {name: t`Spearman’s rank correlation`, value: v.spearman.r, low: v.spearman.low, high: v.spearman.high, p: v.spearman.p, n: persons},
    {name: t`Lin’s concordance (CCC)`, value: v.ccc?.value, low: v.ccc?.low, high: v.ccc?.high, n: persons},
    {name: t`Mean absolute difference`, value: v.mean_abs_diff, n: persons},
  ];
}

export function Comparison({validation: v, points}: {validation: Validation; points: readonly Point[]}) {
  const {t} = useLingui();
  const lines = useLines(v);
  const limits = v.bland_altman ?? v.repeated_measures?.agreement ?? null;
  return (
    <Stack gap="lg">
      <Card title={<Trans>In words</Trans>}>
        <InWords validation={v} />
      </Card>
      <SimpleGrid cols={{base: 1, lg: 2}}>
        <Card title={<Trans>{v.score} beside {v.survey}</Trans>}><ScatterChart points={points} line={v.repeated ? null : v.line} score={v.score} survey={v.survey} /></Card>
        <Card title={<Trans>Agreement (Bland–Altman)</Trans>} lead={limits ? undefined : <Trans>Not shown: {reasonText(v.why_not.bland_altman ?? v.why_not.agreement ?? 'score and survey count in different units')}.</Trans>}>
          {limits && <AgreementChart points={points} limits={limits} />}
        </Card>
      </SimpleGrid>
      <Card title={<Trans>Figures with their 95 % intervals</Trans>}>
        <Box style={{overflowX: 'auto'}} tabIndex={0} role="region" aria-label={t`Figures`}>
          <Table verticalSpacing="xs">
            <Table.Thead><Table.Tr><Table.Th><Trans>Figure</Trans></Table.Th><Table.Th ta="end"><Trans>Value</Trans></Table.Th><Table.Th ta="end"><Trans>95 % interval</Trans></Table.Th><Table.Th ta="end">p</Table.Th><Table.Th><Trans>Of</Trans></Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {lines.filter(({value}) => value !== undefined && value !== null).map((line) => (
                <Table.Tr key={line.name}>
                  <Table.Td>{line.name}</Table.Td>
                  <Table.Td ta="end" className="py-number">{number(line.value, 3)}</Table.Td>
                  <Table.Td ta="end" className="py-number">{line.low === null || line.low === undefined ? '–' : `${number(line.low, 3)} … ${number(line.high, 3)}`}</Table.Td>
                  <Table.Td ta="end" className="py-number">{pText(line.p)}</Table.Td>
                  <Table.Td>{line.n}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Box>
        {v.repeated && <Text size="xs" c="dimmed" mt="xs"><Trans>Persons repeat: their sessions are not independent, so figures within and between persons stand apart and nothing is pooled.</Trans></Text>}
        {v.left_out > 0 && <Text size="xs" c="dimmed" mt="xs"><Trans>{v.left_out} rows had no value and were left out.</Trans></Text>}
      </Card>
      {v.groups.length > 0 && (
        <Card title={<Trans>By group</Trans>} lead={<Trans>p is corrected for the number of groups (Holm).</Trans>}>
          <Table>
            <Table.Thead><Table.Tr><Table.Th><Trans>Group</Trans></Table.Th><Table.Th ta="end"><Trans>Persons</Trans></Table.Th><Table.Th ta="end">r</Table.Th><Table.Th ta="end"><Trans>95 % interval</Trans></Table.Th><Table.Th ta="end">p</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {v.groups.map((one) => (
                <Table.Tr key={one.group}>
                  <Table.Td>{one.group}</Table.Td><Table.Td ta="end">{number(one.persons)}</Table.Td><Table.Td ta="end" className="py-number">{number(one.pearson?.r ?? null, 3)}</Table.Td>
                  <Table.Td ta="end" className="py-number">{one.pearson?.low === null || one.pearson?.low === undefined ? '–' : `${number(one.pearson.low, 3)} … ${number(one.pearson.high, 3)}`}</Table.Td>
                  <Table.Td ta="end" className="py-number">{pText(one.p_holm)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Card>
      )}
      {v.power && (
        <Card title={<Trans>How many persons it takes</Trans>} lead={v.power.detectable_80 !== null ? <Trans>With {v.power.n} persons, a correlation of {number(v.power.detectable_80, 2)} or more is found with a power of 80 %.</Trans> : undefined}>
          <Box style={{overflowX: 'auto'}} tabIndex={0} role="region" aria-label={t`Power`}>
            <Table>
              <Table.Thead><Table.Tr><Table.Th><Trans>If r really is</Trans></Table.Th><Table.Th ta="end"><Trans>Power with {v.power.n}</Trans></Table.Th><Table.Th ta="end"><Trans>n for 80 %</Trans></Table.Th><Table.Th ta="end"><Trans>n for 90 %</Trans></Table.Th><Table.Th ta="end"><Trans>n for an interval ± 0.1</Trans></Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {v.power.table.map((row) => (
                  <Table.Tr key={row.r}><Table.Td className="py-number">{number(row.r, 1)}</Table.Td><Table.Td ta="end" className="py-number">{number(row.power, 2)}</Table.Td><Table.Td ta="end" className="py-number">{number(row.n_for_80)}</Table.Td><Table.Td ta="end" className="py-number">{number(row.n_for_90)}</Table.Td><Table.Td ta="end" className="py-number">{number(row.n_for_width_0_2)}</Table.Td></Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Box>
        </Card>
      )}
    </Stack>
  );
}
