import {Trans, useLingui} from '@lingui/react/macro';
import {useQuery} from '@tanstack/react-query';
import {useParams} from '@tanstack/react-router';
import {readEvaluation} from '@/shared/evaluation/evaluation';
import {EvaluationView} from '@/shared/evaluation/EvaluationView';
import {Downloads} from '@/shared/jobs/Downloads';
import {JobPage} from '@/shared/jobs/JobPage';
import {resultQuery, type Job} from '@/shared/jobs/jobs';
import {Card} from '@/shared/ui/Card';
import {Failure} from '@/shared/ui/Failure';
import {PageLoading} from '@/shared/ui/PageLoading';
import {AnalysisResult} from './AnalysisResult';

function EvaluationOf({job}: {job: Job}) {
  const {data, error} = useQuery(resultQuery(job.id, 'evaluation.json', readEvaluation));
  if (error) return <Failure error={error} />;
  return data ? <EvaluationView evaluation={data} job={job.id} dataset={job.request.dataset ?? null} /> : <PageLoading />;
}

/** A batch job with what came of it. */
export default function BatchJobPage() {
  const {t} = useLingui();
  const {job: id} = useParams({strict: false});
  return (
    <JobPage id={id ?? ''} back={{to: '/batch', label: <Trans>All jobs</Trans>}}>
      {(job) => job.state === 'done' && (
        <>
          {job.kind === 'evaluate' ? <EvaluationOf job={job} /> : job.kind === 'analyze' ? <AnalysisResult job={job} /> : null}
          <Card title={t`Files`} lead={<Trans>CSV opens in a spreadsheet; JSON and Parquet are for programs.</Trans>} maw={560}><Downloads job={job} /></Card>
        </>
      )}
    </JobPage>
  );
}
