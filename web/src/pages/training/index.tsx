import {Trans, useLingui} from '@lingui/react/macro';
import {Grid, Stack} from '@mantine/core';
import {IconSchool} from '@tabler/icons-react';
import {useInfiniteQuery} from '@tanstack/react-query';
import type {ColumnDef} from '@tanstack/react-table';
import {useMemo} from 'react';
import {percent} from '@/shared/format';
import {useJobAccess} from '@/shared/jobs/access';
import {jobsQuery, type Job, type JobKind} from '@/shared/jobs/jobs';
import {JobTable} from '@/shared/jobs/JobTable';
import {NotForYou} from '@/shared/jobs/NotForYou';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Page} from '@/shared/ui/Page';
import {Compare} from './Compare';
import {NewRun} from './NewRun';
import {accuracyOf} from './result';
import {epochsOf} from './runs';

const kinds: readonly JobKind[] = ['train', 'finetune'];

function Training() {
  const {t} = useLingui();
  const {data} = useInfiniteQuery(jobsQuery);
  const runs = useMemo(() => (data?.pages ?? []).flatMap((page) => page.rows).filter((job) => job.kind === 'train' && epochsOf(job).length > 0), [data]);
  const more = useMemo((): ColumnDef<Job, any>[] => [{header: t`Right, held out`, accessorFn: accuracyOf, cell: ({row: {original: job}}) => <span className="py-number">{percent(accuracyOf(job), 1)}</span>}], [t]);
  return (
    <Grid>
      <Grid.Col span={{base: 12, lg: 5}}><Card title={t`New run`}><NewRun /></Card></Grid.Col>
      <Grid.Col span={{base: 12, lg: 7}}>
        <Stack>
          <Card title={t`Your runs`}>
            <JobTable kinds={kinds} to="/training/$job" more={more} empty={(
              <EmptyState icon={IconSchool} title={<Trans>No runs yet</Trans>}><Trans>A run teaches a model from labelled pictures. Its curves appear here while it learns; what comes of it is used only after an administrator has promoted it.</Trans></EmptyState>
            )} />
          </Card>
          {runs.length > 0 && <Card title={t`Compare runs`}><Compare jobs={runs} /></Card>}
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

/** Models learn from the site's labels. */
export default function TrainingPage() {
  const {t} = useLingui();
  const access = useJobAccess();
  return (
    <Page title={t`Training`} lead={<Trans>Teach a model from labelled pictures, watch it learn, and judge it before anybody uses it.</Trans>}>
      {access.research ? <Training /> : <NotForYou why={access.why ?? 'role'} />}
    </Page>
  );
}
