import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Badge, Box, Button, Group, SimpleGrid, Skeleton, Stack, Text, Title} from '@mantine/core';
import {IconClipboardList, IconClipboardPlus, IconPencil} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {Link, useNavigate, useSearch} from '@tanstack/react-router';
import {useAccount} from '@/app/account';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {Page} from '@/shared/ui/Page';
import {PersonPicker} from '@/shared/ui/PersonPicker';
import {surveysQuery, type Survey} from '@/shared/surveys/queries';
import {LicenceBadge} from '@/shared/surveys/words';

function One({survey, person, answers, bySheet}: {survey: Survey; person: string | null; answers: boolean; bySheet: boolean}) {
  const {t} = useLingui();
  const worded = survey.languages.length > 0;
  return (
    <Box component="article" className="py-paper" p="md" aria-label={survey.title}>
      <Stack gap="xs" h="100%">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Title order={2} size="h3">{survey.title}</Title>
          {survey.own ? <Badge variant="light" tt="none" style={{flexShrink: 0}}><Trans>Made here</Trans></Badge> : <LicenceBadge survey={survey} />}
        </Group>
        <Text size="sm" c="dimmed">
          <Plural value={survey.items} one="# question" other="# questions" />{survey.period && <> · {survey.period}</>}
        </Text>
        <Group gap={6}>
          {survey.scales.map((scale) => <Badge key={scale.id} variant="outline" color="gray" tt="none" fw={500} c="var(--py-ink-soft)">{scale.title}</Badge>)}
          {survey.unvalidated && <Badge variant="light" color="gray" tt="none" c="var(--py-ink-soft)"><Trans>not validated</Trans></Badge>}
        </Group>
        {!worded && <Text size="sm"><Trans>Its wording is not here: a site adds what it is licensed for. Answers can be entered from a licensed sheet.</Trans></Text>}
        <Group mt="auto" pt="xs" gap="sm">
          {(worded ? answers : bySheet) && (
            <Button component={Link} to={`/surveys/${survey.id}/take`} search={(person ? {person} : {}) as never} disabled={!person} leftSection={<IconPencil size={16} aria-hidden />} aria-label={t`Answer: ${survey.title}`}>
              <Trans>Answer</Trans>
            </Button>
          )}
          <Button component={Link} to={`/surveys/${survey.id}`} search={(person ? {person} : {}) as never} variant="default" aria-label={t`Scoring and history: ${survey.title}`}><Trans>Scoring and history</Trans></Button>
        </Group>
      </Stack>
    </Box>
  );
}

/** The questionnaires that can be answered here; a participant answers for themselves, a clinician with somebody in their care. */
export default function SurveysPage() {
  const {t} = useLingui();
  const {account, site} = useAccount();
  const search = useSearch({strict: false}) as {person?: string};
  const navigate = useNavigate();
  const surveys = useQuery(surveysQuery);
  const own = account.role === 'participant' ? account.person : null;
  const person = own ?? search.person ?? null;
  const picks = account.role === 'clinician';
  const builds = account.role === 'administrator' || (account.role === 'researcher' && site.mode === 'research');
  const sorted = (surveys.data ?? []).filter(({open}) => open).sort((a, b) => Number(b.languages.length > 0) - Number(a.languages.length > 0));
  return (
    <Page title={t`Surveys`} lead={own ? <Trans>Questions about how you have been. Answer as often as you like; only you and whom you chose see the answers.</Trans>
      : <Trans>Questionnaires with published scoring. Wording that belongs to others is not shipped; a site adds what it is licensed for.</Trans>}
      actions={builds ? <Button component={Link} to="/surveys/own" leftSection={<IconClipboardPlus size={16} aria-hidden />}><Trans>Questionnaires of your own</Trans></Button> : undefined}>
      <Stack gap="lg">
        {picks && (
          <Card title={<Trans>Who answers?</Trans>}>
            <Box maw={420}><PersonPicker value={person} onChange={(next) => void navigate({to: '/surveys', search: (next ? {person: next} : {}) as never, replace: true})} /></Box>
          </Card>
        )}
        {surveys.isError ? <Failure error={surveys.error} retry={() => void surveys.refetch()} />
          : surveys.isPending ? <SimpleGrid cols={{base: 1, md: 2}}>{[1, 2, 3, 4].map((each) => <Skeleton key={each} height={170} />)}</SimpleGrid>
            : sorted.length === 0 ? <Card><EmptyState icon={IconClipboardList} title={<Trans>No questionnaire is set up</Trans>}><Trans>Definitions lie in the folder that the server was started with (--surveys).</Trans></EmptyState></Card>
              : <SimpleGrid cols={{base: 1, md: 2, xl: 3}}>{sorted.map((survey) => <One key={survey.id} survey={survey} person={person} answers={picks || own !== null} bySheet={picks} />)}</SimpleGrid>}
      </Stack>
    </Page>
  );
}
