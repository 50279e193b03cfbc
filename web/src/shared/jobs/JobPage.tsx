import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Group, Stack, Text} from '@mantine/core';
import {IconAlertTriangle, IconArrowLeft} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {useNavigate} from '@tanstack/react-router';
import type {ReactNode} from 'react';
import {dateTime} from '@/shared/format';
import {AnchorLink} from '@/shared/ui/AnchorLink';
import {Card} from '@/shared/ui/Card';
import {ConfirmButton} from '@/shared/ui/ConfirmButton';
import {Failure} from '@/shared/ui/Failure';
import {Page} from '@/shared/ui/Page';
import {PageLoading} from '@/shared/ui/PageLoading';
import {isOver, jobQuery, useJobDeeds, type Job} from './jobs';
import {JobProgress, JobStateBadge} from './JobStateBadge';
import {useJobLine, useKindNames} from './useJobNames';

interface Props {
  id: string;
  back: {to: '/batch' | '/training' | '/models' | '/studies'; label: ReactNode};
  actions?: (job: Job) => ReactNode;
  /** While it runs, too: curves. */
  children: (job: Job) => ReactNode;
}

/** One job: how far it is, what came of it, what can be done with it. */
export function JobPage({id, back, actions, children}: Props) {
  const {t} = useLingui();
  const navigate = useNavigate();
  const kindNames = useKindNames(), line = useJobLine();
  const {cancel, remove} = useJobDeeds();
  const {data: job, error, refetch} = useQuery(jobQuery(id));
  if (!job) return error ? <Failure error={error} retry={() => void refetch()} /> : <PageLoading />;
  return (
    <Page title={kindNames[job.kind]} lead={<Trans>Of {line(job)}; asked for {dateTime(job.created)}.</Trans>} actions={(
      <>
        {actions?.(job)}
        {isOver(job) ? (
          <ConfirmButton title={t`Remove this job?`} verb={t`Remove`} question={<Trans>Its results go with it. This cannot be undone.</Trans>}
            onConfirm={async () => { if (await remove.mutateAsync(job.id).then(() => true, () => false)) void navigate({to: back.to}); }}><Trans>Remove</Trans></ConfirmButton>
        ) : (
          <ConfirmButton title={t`Cancel this job?`} verb={t`Cancel the job`} question={<Trans>Nothing of it is kept.</Trans>} onConfirm={async () => { await cancel.mutateAsync(job.id).catch(() => undefined); }}><Trans>Cancel the job</Trans></ConfirmButton>
        )}
      </>
    )}>
      <Stack>
        <Group gap="md">
          <AnchorLink to={back.to} size="sm"><Group gap={4}><IconArrowLeft size={15} aria-hidden />{back.label}</Group></AnchorLink>
          <JobStateBadge job={job} />
          {job.attempts > 1 && <Text size="sm" c="dimmed"><Trans>Try {job.attempts}: it was broken off before, and went on.</Trans></Text>}
        </Group>
        {!isOver(job) && <Card><JobProgress job={job} /></Card>}
        {job.state === 'failed' && <Alert variant="light" color="red" icon={<IconAlertTriangle aria-hidden />} role="alert" title={<Trans>It failed</Trans>}>{job.error}</Alert>}
        {job.state === 'cancelled' && <Alert variant="light" color="gray" title={<Trans>It was cancelled; nothing of it was kept</Trans>}>{job.error}</Alert>}
        {children(job)}
      </Stack>
    </Page>
  );
}
