import {Trans, useLingui} from '@lingui/react/macro';
import {Box, List, Stack, Table, Text} from '@mantine/core';
import {number} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import type {Survey, SurveyScale} from '@/shared/surveys/queries';
import {useLevelNames} from '@/shared/surveys/words';
import {ranges} from './ranges';

function Bands({scale}: {scale: SurveyScale}) {
  const levels = useLevelNames();
  if (scale.bands.length === 0) return <Text size="sm" c="dimmed">{scale.cutoff_note}</Text>;
  return (
    <>
      <Text size="sm">{scale.bands.map((band) => `${band.category ? (levels[band.category] ?? band.category) : '–'} ≥ ${number(band.from, Number.isInteger(band.from) ? 0 : 2)}`).join(' · ')}</Text>
      {scale.cutoff_source && <Text size="xs" c="dimmed">{scale.cutoff_source}</Text>}
    </>
  );
}

/** How answers become scores, and where that was published. */
export function Definition({survey}: {survey: Survey}) {
  const {t} = useLingui();
  return (
    <Card title={<Trans>How it is scored</Trans>} lead={<Trans>Answers {survey.answers.min} to {survey.answers.max} ({survey.answers.coding}), about {survey.period}.</Trans>}>
      <Stack gap="md">
        <Box style={{overflowX: 'auto'}} tabIndex={0} role="region" aria-label={t`Scales`}>
          <Table verticalSpacing="xs">
            <Table.Thead><Table.Tr>
              <Table.Th><Trans>Scale</Trans></Table.Th><Table.Th><Trans>Questions</Trans></Table.Th><Table.Th><Trans>Score</Trans></Table.Th><Table.Th><Trans>A higher score means</Trans></Table.Th><Table.Th><Trans>Levels</Trans></Table.Th>
            </Table.Tr></Table.Thead>
            <Table.Tbody>
              {survey.scales.map((scale) => (
                <Table.Tr key={scale.id}>
                  <Table.Td fw={600}>{scale.title}</Table.Td>
                  <Table.Td className="py-number">{ranges(scale.items)}</Table.Td>
                  <Table.Td className="py-number">{scale.score}, {number(scale.least)}–{number(scale.greatest)}</Table.Td>
                  <Table.Td>{scale.higher_means === 'more strain' ? t`more strain` : t`less strain`}</Table.Td>
                  <Table.Td maw={360}><Bands scale={scale} /></Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Box>
        <List size="sm" spacing={4}>
          {survey.reverse.length > 0 && <List.Item><Trans>Turned before they count: questions {ranges(survey.reverse)}.</Trans></List.Item>}
          {survey.keep_apart && <List.Item><Trans>Its scales are kept apart; there is no sum of them.</Trans></List.Item>}
          <List.Item><Trans>Unanswered questions: {survey.missing.rule}.</Trans></List.Item>
          <List.Item><Trans>Source of the key: {survey.key_source}.</Trans></List.Item>
          <List.Item><Trans>Licence: {survey.licence.holder}. {survey.licence.note}</Trans></List.Item>
          <List.Item><Trans>Version {survey.version} of the definition; kept with every answer.</Trans></List.Item>
        </List>
      </Stack>
    </Card>
  );
}
