import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Alert, Anchor, Badge, Button, Group, Progress, SimpleGrid, Skeleton, Stack, Text} from '@mantine/core';
import {IconBrain, IconClipboardHeart, IconDatabase, IconPlayerPlay} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {api, body} from '@/api/client';
import {peopleQuery} from '@/api/records';
import type {components} from '@/api/schema';
import {showsExpressions, type Site} from '@/app/account';
import {percent, relative} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';

type Job = components['schemas']['Job'];

function useJobWords() {
  const {t} = useLingui();
  const kinds: Partial<Record<string, string>> = {analyze: t`Analysis`, validate: t`Validation`, evaluate: t`Evaluation`, audit: t`Fairness audit`, explain: t`Explanation`, train: t`Training`, finetune: t`Fine-tuning`, import: t`Pictures into a data set`, map: t`Map of faces`, report: t`Report`};
  const states: Record<Job['state'], [string, string]> = {queued: [t`Waiting`, 'gray'], running: [t`Running`, 'petrol'], paused: [t`Paused`, 'gray'], done: [t`Done`, 'petrol'], failed: [t`Failed`, 'red'], cancelled: [t`Cancelled`, 'gray']};
  return {kind: (kind: string) => kinds[kind] ?? kind, states};
}

function pageOf(job: Job): string {
  if (job.kind === 'train' || job.kind === 'finetune') return `/training/${job.id}`;
  return job.kind === 'validate' ? `/studies/${job.id}` : `/batch/${job.id}`;
}

function Jobs() {
  const {t} = useLingui();
  const words = useJobWords();
  const jobs = useQuery({
    queryKey: ['jobs', 'home'],
    queryFn: () => body(api.GET('/api/v1/jobs', {params: {query: {limit: 8}}})),
    refetchInterval: (query) => (query.state.data?.rows.some((job) => job.state === 'running' || job.state === 'queued') ? 3000 : 30_000),
  });
  return (
    <Card title={<Trans>Jobs</Trans>} aside={<Button component={Link} to="/batch" size="compact-sm" variant="default"><Trans>New</Trans></Button>}>
      {jobs.isPending && <Skeleton height={120} />}
      {jobs.error && <Failure error={jobs.error} retry={jobs.refetch} />}
      {jobs.data?.rows.length === 0 && <EmptyState icon={IconPlayerPlay} title={<Trans>No jobs yet</Trans>}><Trans>Videos to analyse, models to train and to compare, surveys to hold against scores: what takes longer than a moment runs here, and its result stays.</Trans></EmptyState>}
      <Stack gap={0} component="ul" m={0} p={0} style={{listStyle: 'none'}}>
        {jobs.data?.rows.map((job) => {
          const [state, colour] = words.states[job.state];
          return (
            <Stack key={job.id} component="li" gap={4} py={8} style={{borderTop: '1px solid var(--py-line)'}}>
              <Group justify="space-between" wrap="nowrap">
                <Text size="sm"><Anchor component={Link} to={pageOf(job)} fw={600} c="inherit">{words.kind(job.kind)}</Anchor> <Text span size="xs" c="dimmed">· {relative(job.created)}</Text></Text>
                <Badge variant="light" color={colour} tt="none">{state}{job.state === 'running' && ` · ${percent(job.progress)}`}</Badge>
              </Group>
              {job.state === 'running' && <Progress value={job.progress * 100} size="sm" aria-label={t`Progress of ${words.kind(job.kind)}`} />}
              {job.error && <Text size="xs" c="dimmed" lineClamp={2}>{job.error}</Text>}
            </Stack>
          );
        })}
      </Stack>
    </Card>
  );
}

function Studies({site}: {site: Site}) {
  const people = useQuery(peopleQuery);
  const count = people.data?.length ?? 0;
  return (
    <Card title={<Trans>Study</Trans>} aside={<Button component={Link} to="/studies" size="compact-sm" variant="default"><Trans>Open</Trans></Button>}>
      {!site.research_approved && <Alert variant="light" color="ember" mb="sm"><Trans>No approval of a study is declared here. Until an administrator declares it, you see nobody's data.</Trans></Alert>}
      {people.isPending && <Skeleton height={40} />}
      {people.error && <Failure error={people.error} retry={people.refetch} />}
      {people.data && count > 0 && <Text size="sm"><Plural value={count} one="# person takes part and agreed to research use; you see a pseudonym." other="# people take part and agreed to research use; you see pseudonyms." /></Text>}
      {people.data && count === 0 && <EmptyState icon={IconClipboardHeart} title={<Trans>Nobody takes part yet</Trans>}><Trans>People join by naming your account in their record, and agreeing to research use.</Trans></EmptyState>}
    </Card>
  );
}

function Models() {
  const models = useQuery({queryKey: ['models'], queryFn: () => body(api.GET('/api/v1/models'))});
  const used = (models.data?.rows ?? []).filter((model) => model.meant_by.length > 0);
  return (
    <Card title={<Trans>Models in use</Trans>} aside={<Button component={Link} to="/models" size="compact-sm" variant="default"><Trans>All models</Trans></Button>}>
      {models.isPending && <Skeleton height={80} />}
      {models.error && <Failure error={models.error} retry={models.refetch} />}
      {models.data && used.length === 0 && <EmptyState icon={IconBrain} title={<Trans>No model has a name yet</Trans>} />}
      <Stack gap={6} component="ul" m={0} p={0} style={{listStyle: 'none'}}>
        {used.map((model) => {
          const others = model.meant_by.filter((name) => name !== model.name);
          return (
            <Group key={model.reference} component="li" justify="space-between" gap={4}>
              <Anchor component={Link} to={`/models/${model.reference}`} size="sm" fw={600} c="inherit">{model.reference}</Anchor>
              {others.length > 0 && <Text size="xs" c="dimmed"><Trans>also as {others.join(', ')}</Trans></Text>}
            </Group>
          );
        })}
      </Stack>
    </Card>
  );
}

function Datasets() {
  const sets = useQuery({queryKey: ['datasets', 'home'], queryFn: () => body(api.GET('/api/v1/datasets', {params: {query: {limit: 6}}}))});
  return (
    <Card title={<Trans>Data sets</Trans>} aside={<Button component={Link} to="/data" size="compact-sm" variant="default"><Trans>Open</Trans></Button>}>
      {sets.isPending && <Skeleton height={60} />}
      {sets.error && <Failure error={sets.error} retry={sets.refetch} />}
      {sets.data?.rows.length === 0 && <EmptyState icon={IconDatabase} title={<Trans>No data sets yet</Trans>}><Trans>Labelled pictures, to train and to judge models by.</Trans></EmptyState>}
      <Stack gap={6} component="ul" m={0} p={0} style={{listStyle: 'none'}}>
        {sets.data?.rows.map((set) => (
          <Group key={set.id} component="li" justify="space-between" wrap="nowrap">
            <Anchor component={Link} to={`/data/${set.id}`} size="sm" fw={600} c="inherit">{set.name}</Anchor>
            <Text size="xs" c="dimmed">{relative(set.updated)}</Text>
          </Group>
        ))}
      </Stack>
    </Card>
  );
}

export function ResearcherHome({site}: {site: Site}) {
  const research = site.mode === 'research';
  return (
    <Stack>
      {!research && <Alert variant="light" color="ember"><Trans>This site does not run in its research mode, so studies, jobs and data sets are closed. An administrator can change the mode.</Trans></Alert>}
      <SimpleGrid cols={{base: 1, lg: 2}} spacing="md" style={{alignItems: 'start'}}>
        {research && <Jobs />}
        <Stack>
          {research && <Studies site={site} />}
          {research && showsExpressions(site) && <Datasets />}
          <Models />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}
