import {Trans, useLingui} from '@lingui/react/macro';
import {Box, Grid, Tabs} from '@mantine/core';
import {IconPhotoScan} from '@tabler/icons-react';
import {useAccount, showsExpressions} from '@/app/account';
import {useJobAccess} from '@/shared/jobs/access';
import {NewEvaluation} from '@/shared/evaluation/NewEvaluation';
import type {JobKind} from '@/shared/jobs/jobs';
import {JobTable} from '@/shared/jobs/JobTable';
import {NotForYou} from '@/shared/jobs/NotForYou';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Page} from '@/shared/ui/Page';
import {NewAnalysis} from './NewAnalysis';

const kinds: readonly JobKind[] = ['analyze', 'evaluate'];

/** Many files at once: what is in each frame, or how well a model does on labelled pictures. */
export default function BatchPage() {
  const {t} = useLingui();
  const access = useJobAccess();
  const {site} = useAccount();
  return (
    <Page title={t`Batch prediction`} lead={<Trans>Have videos and pictures read frame by frame, or judge a model on labelled pictures. Nothing leaves this server.</Trans>}>
      {!access.may ? <NotForYou why={access.why ?? 'role'} /> : (
        <Grid>
          <Grid.Col span={{base: 12, lg: 5}}>
            <Box className="py-paper" p="md">
              <Tabs defaultValue="analysis" keepMounted={false}>
                <Tabs.List mb="md">
                  <Tabs.Tab value="analysis"><Trans>Frame by frame</Trans></Tabs.Tab>
                  {access.research && showsExpressions(site) && <Tabs.Tab value="evaluation"><Trans>Judge a model</Trans></Tabs.Tab>}
                </Tabs.List>
                <Tabs.Panel value="analysis"><NewAnalysis /></Tabs.Panel>
                <Tabs.Panel value="evaluation"><NewEvaluation /></Tabs.Panel>
              </Tabs>
            </Box>
          </Grid.Col>
          <Grid.Col span={{base: 12, lg: 7}}>
            <Card title={t`Your jobs`}>
              <JobTable kinds={kinds} to="/batch/$job" empty={(
                <EmptyState icon={IconPhotoScan} title={<Trans>No jobs yet</Trans>}><Trans>What you start appears here with its progress, and stays until you remove it.</Trans></EmptyState>
              )} />
            </Card>
          </Grid.Col>
        </Grid>
      )}
    </Page>
  );
}
