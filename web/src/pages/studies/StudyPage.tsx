import {Trans} from '@lingui/react/macro';
import {Stack} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {useParams} from '@tanstack/react-router';
import {Downloads} from '@/shared/jobs/Downloads';
import {JobPage} from '@/shared/jobs/JobPage';
import {resultQuery, type Job} from '@/shared/jobs/jobs';
import {Card} from '@/shared/ui/Card';
import {Failure} from '@/shared/ui/Failure';
import {PageLoading} from '@/shared/ui/PageLoading';
import {Comparison} from './Comparison';
import {readPairs, readValidations} from './validation';

function Results({job}: {job: Job}) {
  const validations = useQuery(resultQuery(job.id, 'validation.json', readValidations));
  const pairs = useQuery(resultQuery(job.id, 'pairs.json', readPairs));
  if (validations.error) return <Failure error={validations.error} />;
  if (!validations.data || pairs.isPending) return <PageLoading />;
  return (
    <Stack gap="xl">
      {validations.data.map((one) => (
        <Comparison key={`${one.score} ${one.survey}`} validation={one} points={pairs.data?.comparisons.find(({score, survey}) => score === one.score && survey === one.survey)?.points ?? []} />
      ))}
    </Stack>
  );
}

/** One comparison of a score with a questionnaire: figures, pictures, and what they can and cannot show. */
export default function StudyPage() {
  const {job: id} = useParams({strict: false});
  return (
    <JobPage id={id ?? ''} back={{to: '/studies', label: <Trans>All comparisons</Trans>}}>
      {(job) => job.state === 'done' && (
        <>
          <Results job={job} />
          <Card title={<Trans>Report and figures to keep</Trans>} lead={<Trans>The report holds everything above, with its methods; the JSON is for programs.</Trans>} maw={560}><Downloads job={job} /></Card>
        </>
      )}
    </JobPage>
  );
}
