import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Button, Code, Group, Skeleton, Stack, Text} from '@mantine/core';
import {IconPencil, IconPrinter} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {Link, useParams, useSearch} from '@tanstack/react-router';
import {useAccount} from '@/app/account';
import {Card} from '@/shared/ui/Card';
import {Failure} from '@/shared/ui/Failure';
import {Page} from '@/shared/ui/Page';
import {surveyQuery} from '@/shared/surveys/queries';
import {LicenceBadge} from '@/shared/surveys/words';
import {Definition} from './Definition';
import {History} from './History';

/** One questionnaire: how it is scored, whether its wording is here, and what somebody answered over time. */
export default function SurveyPage() {
  const {t} = useLingui();
  const {account} = useAccount();
  const {survey: id} = useParams({strict: false}) as {survey: string};
  const search = useSearch({strict: false}) as {person?: string};
  const survey = useQuery(surveyQuery(id));
  const person = account.role === 'participant' ? account.person : (search.person ?? null);
  if (survey.isError) return <Failure error={survey.error} retry={() => void survey.refetch()} />;
  if (survey.isPending) return <Page title={t`Survey`}><Skeleton height={320} /></Page>;
  const {data} = survey;
  const takes = data.open && person !== null && (account.role === 'clinician' || (account.role === 'participant' && data.languages.length > 0));
  return (
    <Page title={data.title} lead={<Group gap="sm" component="span">{data.own ? <Badge variant="light" tt="none"><Trans>Made here</Trans></Badge> : <LicenceBadge survey={data} />}{!data.open && <Badge variant="light" color="gray" tt="none"><Trans>Not given any more</Trans></Badge>}</Group>} actions={
      <>
        {takes && <Button component={Link} to={`/surveys/${data.id}/take`} search={{person} as never} leftSection={<IconPencil size={16} aria-hidden />}><Trans>Answer</Trans></Button>}
        <Button variant="default" className="py-no-print" leftSection={<IconPrinter size={16} aria-hidden />} onClick={() => window.print()}><Trans>Print</Trans></Button>
      </>
    }>
      <Stack gap="lg">
        {person && <History survey={data} person={person} />}
        <Definition survey={data} />
        {data.languages.length === 0 && !data.own && (
          <Card title={<Trans>Adding its wording</Trans>}>
            <Stack gap="xs">
              <Text size="sm"><Trans>The text of the questions belongs to {data.licence.holder} and is not shipped. A site that may use it imports the text once for each language:</Trans></Text>
              <Code block tabIndex={0}>pyrometer survey wording --instrument {data.id} --language en wording.csv</Code>
              <Text size="sm" c="dimmed"><Trans>An administrator does this beside the server. Answers that were given elsewhere can be imported without the wording.</Trans></Text>
            </Stack>
          </Card>
        )}
      </Stack>
    </Page>
  );
}
