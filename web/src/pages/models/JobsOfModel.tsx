import {Trans} from '@lingui/react/macro';
import {Group, Stack, Text} from '@mantine/core';
import {useInfiniteQuery} from '@tanstack/react-query';
import {dateTime, number, percent} from '@/shared/format';
import {jobsQuery, type Job} from '@/shared/jobs/jobs';
import {JobStateBadge} from '@/shared/jobs/JobStateBadge';
import {AnchorLink} from '@/shared/ui/AnchorLink';

const isOf = (job: Job, reference: string, inUse: boolean) => {
  const {model, against} = job.request.options as {model?: string; against?: string};
  return job.result?.model === reference || model === reference || against === reference || (inUse && model === undefined && job.result === null);
};

/** One's own evaluations or audits of a model. */
export function JobsOfModel({kind, reference, inUse}: {kind: 'evaluate' | 'audit'; reference: string; inUse: boolean}) {
  const {data} = useInfiniteQuery(jobsQuery);
  const jobs = (data?.pages ?? []).flatMap((page) => page.rows).filter((job) => job.kind === kind && isOf(job, reference, inUse));
  if (jobs.length === 0) return <Text size="sm" c="dimmed"><Trans>None of yours yet.</Trans></Text>;
  return (
    <Stack gap={6} component="ul" m={0} p={0} style={{listStyle: 'none'}}>
      {jobs.map((job) => {
        const {against} = job.request.options as {against?: string};
        return (
          <Group key={job.id} component="li" gap="sm">
            <AnchorLink size="sm" to={kind === 'evaluate' ? '/batch/$job' : '/models/audit/$job'} params={{job: job.id}}>{dateTime(job.created)}</AnchorLink>
            <JobStateBadge job={job} />
            {job.result?.n !== undefined && <Text size="sm" c="dimmed" className="py-number">{job.result.accuracy !== undefined ? <Trans>{percent(job.result.accuracy, 1)} right of {number(job.result.n)}</Trans> : <Trans>{number(job.result.n)} pictures</Trans>}</Text>}
            {against && <Text size="sm" c="dimmed"><Trans>compared with {against}</Trans></Text>}
          </Group>
        );
      })}
    </Stack>
  );
}
