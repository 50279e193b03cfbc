import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Button, Grid, SimpleGrid, Stack, Table, Text} from '@mantine/core';
import {IconPlayerPause, IconPlayerPlay} from '@tabler/icons-react';
import {useParams} from '@tanstack/react-router';
import {useMemo} from 'react';
import {number, percent, relative} from '@/shared/format';
import {Downloads} from '@/shared/jobs/Downloads';
import {JobPage} from '@/shared/jobs/JobPage';
import {isOver, useJobDeeds, type Job} from '@/shared/jobs/jobs';
import {Card} from '@/shared/ui/Card';
import {Tile} from '@/shared/ui/Tile';
import {Curves} from './Curves';
import {NextSteps} from './NextSteps';
import {useOptionNames, written} from './optionNames';
import {figure} from './result';
import {best, epochsOf, secondsLeft} from './runs';

function Learning({job}: {job: Job}) {
  const {t} = useLingui();
  const epochs = epochsOf(job);
  const runs = useMemo(() => [{name: t`This run`, epochs}], [epochs, t]);
  const asked = (job.request.options as {epochs?: number}).epochs ?? 60;
  const top = best(epochs), left = job.state === 'running' ? secondsLeft(epochs, asked) : null;
  return (
    <Stack>
      <SimpleGrid cols={{base: 2, md: 3}}>
        <Tile label={t`Epochs`} value={isOver(job) ? number(epochs.length) : t`${epochs.length} of ${asked}`} detail={left === null ? undefined : t`Ends ${relative(Date.now() + left * 1000)}, or earlier`} />
        <Tile label={t`Best on pictures held out`} value={percent(top?.hold_out_product, 1)} detail={top ? t`In epoch ${top.epoch + 1}; this one is kept` : t`Nothing was held out`} />
        <Tile label={t`Loss`} value={number(epochs.at(-1)?.product_loss, 3)} detail={<Plural value={epochs.at(-1)?.pictures ?? 0} one="# picture an epoch" other="# pictures an epoch" />} />
      </SimpleGrid>
      <Card title={t`Learning curves`}><Curves runs={runs} /></Card>
    </Stack>
  );
}

function BeforeAfter({job}: {job: Job}) {
  const {t} = useLingui();
  const {before, after, n_fit: fitted, n_hold_out: held, parent} = job.result ?? {};
  const rows = [['accuracy', t`Right`], ['balanced_accuracy', t`Right, mean over classes`], ['macro_f1', t`F1, mean over classes`]] as const;
  return (
    <Card title={t`Before and after`} lead={<Trans>Both judged on the {number(held)} pictures that took no part in learning; learnt from {number(fitted)}.</Trans>} maw={560}>
      <Table fz="sm" aria-label={t`Before and after`}>
        <Table.Thead><Table.Tr><Table.Th /><Table.Th ta="end">{parent}</Table.Th><Table.Th ta="end"><Trans>This run</Trans></Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody className="py-number">
          {rows.filter(([name]) => figure(before, name) !== null).map(([name, label]) => <Table.Tr key={name}><Table.Td>{label}</Table.Td><Table.Td ta="end">{percent(figure(before, name), 1)}</Table.Td><Table.Td ta="end">{percent(figure(after, name), 1)}</Table.Td></Table.Tr>)}
        </Table.Tbody>
      </Table>
      {(held ?? 0) < 100 && <Text size="xs" c="dimmed" mt="xs"><Trans>So few pictures say little: a difference of some points may be chance.</Trans></Text>}
    </Card>
  );
}

/** Holds a run that learns from the start, or goes on with it; the network of a fine-tuning is there in seconds. */
function HoldButton({job}: {job: Job}) {
  const {pause, resume} = useJobDeeds();
  if (job.kind !== 'train' || isOver(job) || job.cancel) return null;
  return job.state === 'paused'
    ? <Button leftSection={<IconPlayerPlay size={18} aria-hidden />} loading={resume.isPending} onClick={() => resume.mutate(job.id)}><Trans>Resume</Trans></Button>
    : <Button variant="default" leftSection={<IconPlayerPause size={18} aria-hidden />} loading={pause.isPending} onClick={() => pause.mutate(job.id)}><Trans>Pause</Trans></Button>;
}

/** A run, while it learns and after. */
export default function RunPage() {
  const {t} = useLingui();
  const optionName = useOptionNames();
  const {job: id} = useParams({strict: false});
  return (
    <JobPage id={id ?? ''} back={{to: '/training', label: <Trans>All runs</Trans>}} actions={(job) => <HoldButton job={job} />}>
      {(job) => (
        <>
          {job.kind === 'train' && epochsOf(job).length > 0 && <Learning job={job} />}
          {job.state === 'done' && job.kind === 'finetune' && <BeforeAfter job={job} />}
          {(job.result?.pictures_without_a_face ?? 0) > 0 && <Text size="sm" c="dimmed"><Plural value={job.result?.pictures_without_a_face ?? 0} one="In # picture no face was found; it took no part." other="In # pictures no face was found; they took no part." /></Text>}
          {job.result?.people_left_out !== undefined && job.result.people_left_out > 0 && <Text size="sm" c="dimmed"><Plural value={job.result.people_left_out} one="# person does not agree to research and took no part." other="# people do not agree to research and took no part." /></Text>}
          <Grid>
            {job.state === 'done' && <Grid.Col span={{base: 12, md: 6}}><Card title={t`From here to use`}><NextSteps job={job} /></Card></Grid.Col>}
            <Grid.Col span={{base: 12, md: 6}}>
              <Stack>
                <Card title={t`Parameters`}>
                  <Table fz="sm" aria-label={t`Parameters`}>
                    <Table.Tbody>{Object.entries(job.request.options).map(([name, value]) => <Table.Tr key={name}><Table.Td>{optionName(name)}</Table.Td><Table.Td ta="end" className="py-number">{written(value)}</Table.Td></Table.Tr>)}</Table.Tbody>
                  </Table>
                  {Object.keys(job.request.options).length === 0 && <Text size="sm" c="dimmed"><Trans>As the trainer does of itself.</Trans></Text>}
                </Card>
                {job.state === 'done' && <Card title={t`Files`}><Downloads job={job} /></Card>}
              </Stack>
            </Grid.Col>
          </Grid>
        </>
      )}
    </JobPage>
  );
}
