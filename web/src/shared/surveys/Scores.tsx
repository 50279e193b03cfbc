import {Trans, useLingui} from '@lingui/react/macro';
import {Box, Group, Progress, Stack, Text} from '@mantine/core';
import type {SurveyResponse} from '@/api/records';
import {number} from '@/shared/format';
import {useLevelNames} from './words';

/** What somebody's answers came to, scale by scale, in words. */
export function Scores({score}: {score: Pick<SurveyResponse['score'], 'scales' | 'unvalidated'>}) {
  const {t} = useLingui();
  const levels = useLevelNames();
  return (
    <Stack gap="md">
      {score.scales.map((scale) => {
        const share = scale.score === null ? 0 : (100 * (scale.score - scale.least)) / (scale.greatest - scale.least);
        const shown = number(scale.score, scale.score !== null && !Number.isInteger(scale.score) ? 2 : 0);
        return (
          <Box key={scale.scale}>
            <Group justify="space-between" align="baseline">
              <Text fw={600}>{scale.title}</Text>
              {scale.score === null ? <Text size="sm" c="dimmed"><Trans>too few answers for a score</Trans></Text>
                : <Text className="py-number"><Text span fz="xl" fw={650}>{shown}</Text> <Text span size="sm" c="dimmed"><Trans>of {number(scale.least)} to {number(scale.greatest)}</Trans></Text></Text>}
            </Group>
            <Progress value={share} size="sm" mt={4} aria-label={t`${scale.title}: ${shown}`} />
            <Text size="sm" mt={4} c="dimmed">
              {scale.category ? <Trans>Level: {levels[scale.category] ?? scale.category}.</Trans> : <Trans>No agreed levels: compare with your own earlier answers.</Trans>}{' '}
              {scale.higher_means === 'more strain' ? <Trans>Higher means more strain.</Trans> : <Trans>Higher is better.</Trans>}
            </Text>
          </Box>
        );
      })}
      <Text size="xs" c="dimmed">
        <Trans>Not a diagnosis: it shows how these questions were answered on one day.</Trans>
        {score.unvalidated && <> <Trans>This questionnaire is not validated.</Trans></>}
      </Text>
    </Stack>
  );
}
