import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Box, Button, Group, Stack, Table, Text} from '@mantine/core';
import {IconClipboardList} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {responsesQuery, type SurveyResponse} from '@/api/records';
import {useAccount} from '@/app/account';
import {date, number} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {PageLoading} from '@/shared/ui/PageLoading';
import {levelOf} from './levels';
import {useSurveyTitles} from './useSurveyTitles';
import type {TabProps} from './PersonRecord';

function useLevelWords() {
  const {t} = useLingui();
  return {
    'low strain': t`low strain`, 'moderate strain': t`moderate strain`, 'high strain': t`high strain`,
    'low resource': t`low: a sign of strain`, 'moderate resource': t`moderate`, 'high resource': t`high: a good sign`,
  };
}

function Responses({title, rows}: {title: string; rows: SurveyResponse[]}) {
  const {t} = useLingui();
  const words = useLevelWords();
  const scales = rows[0]?.score.scales ?? [];
  return (
    <Card title={title} aside={rows[0]?.score.unvalidated && <Badge variant="light" color="gray" tt="none"><Trans>not validated</Trans></Badge>}>
      <Box style={{overflowX: 'auto'}} tabIndex={0} role="region" aria-label={title}>
        <Table verticalSpacing="xs" aria-label={title}>
          <Table.Thead><Table.Tr><Table.Th>{t`Taken`}</Table.Th>{scales.map((scale) => <Table.Th key={scale.scale}>{scale.title} <Text span size="xs" c="dimmed">({number(scale.least)}–{number(scale.greatest)})</Text></Table.Th>)}</Table.Tr></Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Td>{date(row.taken)}</Table.Td>
                {row.score.scales.map((scale) => {
                  const level = levelOf(scale);
                  return (
                    <Table.Td key={scale.scale} className="py-number">
                      {scale.score === null ? <Text size="sm" c="dimmed"><Trans>too few answers</Trans></Text> : <>{number(scale.score, Number.isInteger(scale.score) ? 0 : 1)} {level && <Text span size="xs" c="dimmed">{words[level]}</Text>}</>}
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Box>
    </Card>
  );
}

/** What was answered, by questionnaire; the newest first. */
export function SurveysTab({person, own}: TabProps) {
  const {account} = useAccount();
  const {data, error, refetch} = useQuery(responsesQuery(person.id));
  const titles = useSurveyTitles();
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <PageLoading />;
  const takes = own || account.role === 'clinician';
  const groups = new Map<string, SurveyResponse[]>();
  for (const row of [...data].sort((a, b) => b.taken.localeCompare(a.taken))) groups.set(row.instrument, [...(groups.get(row.instrument) ?? []), row]);
  const take = takes && <Button component={Link} to={own ? '/surveys' : `/surveys?person=${person.id}`} leftSection={<IconClipboardList size={18} aria-hidden />} variant="light"><Trans>Take a questionnaire</Trans></Button>;
  return (
    <Stack>
      {groups.size === 0 ? (
        <Card><EmptyState icon={IconClipboardList} title={<Trans>No questionnaire answered yet</Trans>} action={take}>
          <Trans>Answers to questionnaires are scored at once and appear here, and on the same axis as the index under “Weeks”.</Trans>
        </EmptyState></Card>
      ) : <Group justify="flex-end">{take}</Group>}
      {[...groups].map(([instrument, rows]) => <Responses key={instrument} title={titles.get(instrument) ?? instrument} rows={rows} />)}
    </Stack>
  );
}
