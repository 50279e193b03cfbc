import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Box, List, Stack, Table, Text} from '@mantine/core';
import {IconAlertCircle} from '@tabler/icons-react';
import {number, percent} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import {clearGaps, estimateOf, measuresOf, type Attribute, type Audit} from './audit';

function useMeasureNames(): (measure: string) => string {
  const {t} = useLingui();
  const words: Record<string, string> = {
    detected: t`Face found`, usable: t`Face could be read`, accuracy: t`Expression right`, overconfidence: t`More sure than right`, confidence: t`How sure`, negative: t`Angry, disgust, fear or sad`,
  };
  return (measure) => words[measure] ?? measure;
}

function OneAttribute({attribute}: {attribute: Attribute}) {
  const {t} = useLingui();
  const measureName = useMeasureNames();
  const measures = measuresOf(attribute);
  return (
    <Card title={attribute.attribute}>
      <Box style={{overflowX: 'auto'}} tabIndex={0} role="region" aria-label={t`Figures by ${attribute.attribute}`}>
        <Table fz="sm" verticalSpacing={6} aria-label={t`Figures by ${attribute.attribute}`}>
          <Table.Thead>
            <Table.Tr><Table.Th><Trans>Group</Trans></Table.Th><Table.Th ta="end"><Trans>Pictures</Trans></Table.Th>{measures.map((measure) => <Table.Th key={measure} ta="end">{measureName(measure)}</Table.Th>)}</Table.Tr>
          </Table.Thead>
          <Table.Tbody className="py-number">
            {attribute.groups.map((group) => (
              <Table.Tr key={group.group}>
                <Table.Td>{group.group}</Table.Td><Table.Td ta="end">{number(group.pictures)}</Table.Td>
                {measures.map((measure) => {
                  const one = estimateOf(group, measure);
                  return <Table.Td key={measure} ta="end">{one ? <>{percent(one.value, 1)}<Text size="xs" c="dimmed">{percent(one[95][0])} – {percent(one[95][1])}</Text></> : '–'}</Table.Td>;
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Box>
      {attribute.not_told > 0 && <Text size="xs" c="dimmed" mt="xs"><Trans>Of {number(attribute.not_told)} pictures the table does not tell it.</Trans></Text>}
    </Card>
  );
}

/** Whether faces of some groups are found and read worse, with intervals. */
export function AuditView({audit}: {audit: Audit}) {
  const {t} = useLingui();
  const measureName = useMeasureNames();
  const gaps = clearGaps(audit);
  return (
    <Stack>
      <Card title={t`What stands out`}>
        {gaps.length === 0 ? <Text size="sm"><Trans>No gap between groups beyond chance on these {number(audit.n)} pictures. That is no proof that there is none.</Trans></Text> : (
          <List size="sm" spacing={6}>
            {gaps.map((gap) => (
              <List.Item key={gap.attribute + gap.measure}>
                <Trans>{measureName(gap.measure)}, by {gap.attribute}: {number(gap.gap * 100, 1)} points between “{gap.highest}” and “{gap.lowest}” (95 % interval {number(gap.gap_95[0] * 100, 1)} to {number(gap.gap_95[1] * 100, 1)}; p = {gap.p_holm < 0.001 ? '< 0.001' : number(gap.p_holm, 3)} after Holm).</Trans>
              </List.Item>
            ))}
          </List>
        )}
      </Card>
      {audit.attributes.map((attribute) => <OneAttribute key={attribute.attribute} attribute={attribute} />)}
      {audit.warnings.length > 0 && (
        <Alert variant="light" color="ember" icon={<IconAlertCircle aria-hidden />} title={<Trans>To be read with it</Trans>}>
          <Stack gap={4}>{audit.warnings.map((warning) => <Text key={warning} size="sm">{warning}</Text>)}</Stack>
        </Alert>
      )}
      <NotADiagnosis model={audit.model} />
    </Stack>
  );
}
