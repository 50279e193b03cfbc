import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Button, Grid, Group, Stack, Tabs, Text} from '@mantine/core';
import {IconArrowLeft} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {useParams} from '@tanstack/react-router';
import {useAccount} from '@/app/account';
import {NewEvaluation} from '@/shared/evaluation/NewEvaluation';
import {useJobAccess} from '@/shared/jobs/access';
import {modelsQuery} from '@/shared/jobs/useModels';
import {AnchorLink} from '@/shared/ui/AnchorLink';
import {Card} from '@/shared/ui/Card';
import {Failure} from '@/shared/ui/Failure';
import {Page} from '@/shared/ui/Page';
import {PageLoading} from '@/shared/ui/PageLoading';
import {Deeds} from './Deeds';
import {JobsOfModel} from './JobsOfModel';
import {Markdown} from './Markdown';
import {NewAudit} from './NewAudit';
import {modelQuery, type HistoryEntry} from './queries';
import {Facts, History, SelfTest} from './Standing';

/** One model: its card, what it has meant, how it compares, whom it serves worse. */
export default function ModelPage() {
  const {t} = useLingui();
  const {account} = useAccount();
  const access = useJobAccess();
  const {model: reference = ''} = useParams({strict: false}) as {model?: string};
  const {data: model, error, refetch} = useQuery(modelQuery(reference));
  const all = useQuery(modelsQuery);
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!model) return <PageLoading />;
  const inUse = model.meant_by.includes('expression');
  const readsFaces = model.origin === 'added' || model.name === 'expression';
  const used = all.data?.rows.find(({meant_by}) => meant_by.includes('expression'))?.reference ?? null;
  return (
    <Page title={model.reference} lead={inUse ? <Trans>Expressions are read by it.</Trans> : undefined} actions={account.role === 'administrator' && (
      <>
        {readsFaces && <Button component="a" variant="default" href={`/api/v1/models/${model.reference}/edge`} download><Trans>Export to a device</Trans></Button>}
        <Deeds model={model} />
      </>
    )}>
      <Stack>
        <Group gap="md">
          <AnchorLink to="/models" size="sm"><Group gap={4}><IconArrowLeft size={15} aria-hidden /><Trans>All models</Trans></Group></AnchorLink>
          {model.meant_by.map((name) => <Badge key={name} variant="light" tt="none" radius="sm"><Trans>used as {name}</Trans></Badge>)}
          <SelfTest state={model.self_test} fault={model.fault} />
        </Group>
        <Tabs defaultValue="card" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="card"><Trans>Card</Trans></Tabs.Tab>
            {readsFaces && access.research && <Tabs.Tab value="compare"><Trans>Before and after</Trans></Tabs.Tab>}
            {readsFaces && access.research && <Tabs.Tab value="audit"><Trans>Fairness</Trans></Tabs.Tab>}
          </Tabs.List>
          <Tabs.Panel value="card">
            <Grid>
              <Grid.Col span={{base: 12, lg: 8}}><Card><Markdown text={model.card} /></Card></Grid.Col>
              <Grid.Col span={{base: 12, lg: 4}}>
                <Stack>
                  <Card title={t`Where it comes from`}><Facts model={model} /></Card>
                  <Card title={t`History`}><History entries={model.history as unknown as HistoryEntry[]} /></Card>
                </Stack>
              </Grid.Col>
            </Grid>
          </Tabs.Panel>
          <Tabs.Panel value="compare">
            <Grid>
              <Grid.Col span={{base: 12, lg: 6}}>
                <Card title={t`Judge it on pictures held out`} lead={<Trans>Take pictures that neither model has learnt from. The difference is told with its interval and McNemar's test.</Trans>}>
                  <NewEvaluation key={model.reference} model={model.reference} against={used === model.reference ? null : used} />
                </Card>
              </Grid.Col>
              <Grid.Col span={{base: 12, lg: 6}}><Card title={t`Your comparisons`}><JobsOfModel kind="evaluate" reference={model.reference} inUse={inUse} /></Card></Grid.Col>
            </Grid>
          </Tabs.Panel>
          <Tabs.Panel value="audit">
            <Grid>
              <Grid.Col span={{base: 12, lg: 6}}>
                <Card title={t`Audit it`} lead={<Trans>Are faces of some groups found and read worse than those of others? The pictures go after the audit; its figures stay.</Trans>}><NewAudit model={model.reference} /></Card>
              </Grid.Col>
              <Grid.Col span={{base: 12, lg: 6}}><Card title={t`Your audits`}><JobsOfModel kind="audit" reference={model.reference} inUse={inUse} /></Card></Grid.Col>
            </Grid>
          </Tabs.Panel>
        </Tabs>
        {!access.research && readsFaces && <Text size="xs" c="dimmed"><Trans>Researchers compare and audit models; administrators promote them and roll them back.</Trans></Text>}
      </Stack>
    </Page>
  );
}
