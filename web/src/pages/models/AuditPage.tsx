import {Trans, useLingui} from '@lingui/react/macro';
import {useQuery} from '@tanstack/react-query';
import {useParams} from '@tanstack/react-router';
import {Downloads} from '@/shared/jobs/Downloads';
import {JobPage} from '@/shared/jobs/JobPage';
import {resultQuery, type Job} from '@/shared/jobs/jobs';
import {Card} from '@/shared/ui/Card';
import {Failure} from '@/shared/ui/Failure';
import {PageLoading} from '@/shared/ui/PageLoading';
import {readAudit} from './audit';
import {AuditView} from './AuditView';

function AuditOf({job}: {job: Job}) {
  const {data, error} = useQuery(resultQuery(job.id, 'audit.json', readAudit));
  if (error) return <Failure error={error} />;
  return data ? <AuditView audit={data} /> : <PageLoading />;
}

/** An audit with what came of it. */
export default function AuditPage() {
  const {t} = useLingui();
  const {job: id} = useParams({strict: false});
  return (
    <JobPage id={id ?? ''} back={{to: '/models', label: <Trans>All models</Trans>}}>
      {(job) => job.state === 'done' && <><AuditOf job={job} /><Card title={t`Files`} maw={560}><Downloads job={job} /></Card></>}
    </JobPage>
  );
}
