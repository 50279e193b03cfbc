import {Trans, useLingui} from '@lingui/react/macro';
import {Box, Button, Chip, Grid, Group, Select, Stack, Text} from '@mantine/core';
import {useInfiniteQuery, useQuery} from '@tanstack/react-query';
import {useMemo, useState} from 'react';
import {api, body} from '@/api/client';
import {emotions} from '@/app/theme';
import {dateTime} from '@/shared/format';
import {useJobAccess} from '@/shared/jobs/access';
import {DatasetSelect} from '@/shared/jobs/DatasetSelect';
import {isOver, jobQuery, jobsQuery, resultQuery, useJobDeeds} from '@/shared/jobs/jobs';
import {JobProgress} from '@/shared/jobs/JobStateBadge';
import {NotForYou} from '@/shared/jobs/NotForYou';
import {Card} from '@/shared/ui/Card';
import {Failure} from '@/shared/ui/Failure';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import {Page} from '@/shared/ui/Page';
import {PageLoading} from '@/shared/ui/PageLoading';
import {tellFailure} from '@/shared/ui/toasts';
import {EmotionBars, useEmotionColours, useEmotionNames} from '@/shared/ui/emotions';
import {Place} from './Place';
import {readPoints, type Face, type SetPoint} from './points';
import {Scatter, type Hovered} from './Scatter';

const none: SetPoint[] = [];

function About({hovered, dataset}: {hovered: Hovered; dataset: string | null}) {
  const names = useEmotionNames();
  if (!hovered) return <Text size="sm" c="dimmed"><Trans>Point at a face to see what it is. Scroll to zoom, drag to move.</Trans></Text>;
  if (hovered.kind === 'map') return <Text size="sm"><Trans>One of the faces that the map was fitted on, labelled {hovered.label ? names[hovered.label] : '–'}. Its picture is not here.</Trans></Text>;
  if (hovered.kind === 'placed') return <EmotionBars p={hovered.face.p} />;
  const {point} = hovered;
  return (
    <Stack gap={4}>
      {point.item && dataset && <Box component="img" src={`/api/v1/datasets/${dataset}/pictures/${point.item}/image`} alt={point.name} mah={180} maw="100%" style={{objectFit: 'contain', borderRadius: 8, alignSelf: 'flex-start', minWidth: 96}} />}
      <Text size="xs" c="dimmed" truncate>{point.name}</Text>
      <Text size="sm"><Trans>Label: {point.label ? names[point.label] : '–'}; the model says {point.predicted ? names[point.predicted] : '–'}.</Trans></Text>
    </Stack>
  );
}

function Map_() {
  const {t} = useLingui();
  const names = useEmotionNames(), colours = useEmotionColours();
  const map = useQuery({queryKey: ['map'], staleTime: Number.POSITIVE_INFINITY, queryFn: ({signal}) => body(api.GET('/api/v1/map', {signal}))});
  const jobs = useInfiniteQuery(jobsQuery);
  const {make} = useJobDeeds();
  const earlier = useMemo(() => (jobs.data?.pages ?? []).flatMap((page) => page.rows).filter(({kind}) => kind === 'map'), [jobs.data]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [from, setFrom] = useState<{dataset: string | null; version: string | null}>({dataset: null, version: null});
  const [shown, setShown] = useState<string[]>([...emotions]);
  const [placed, setPlaced] = useState<Face[]>([]);
  const [hovered, setHovered] = useState<Hovered>(null);
  const job = useQuery({...jobQuery(chosen ?? ''), enabled: chosen !== null});
  const isDone = job.data?.state === 'done';
  const points = useQuery({...resultQuery(chosen ?? '', 'map.json', readPoints), enabled: isDone});
  if (map.error) return <Failure error={map.error} retry={() => void map.refetch()} />;
  if (!map.data) return <PageLoading />;
  const start = () => {
    if (from.dataset) make.mutate({kind: 'map', dataset: from.dataset, ...(from.version ? {version: from.version} : {})}, {onSuccess: ({id}) => setChosen(id), onError: tellFailure});
  };
  return (
    <Grid>
      <Grid.Col span={{base: 12, lg: 8}}>
        <Card title={t`Faces by what the model sees alike`} lead={<Trans>Near one another: alike to the model. The axes have no unit, and how far separate groups lie apart means little.</Trans>}>
          <Stack gap="sm">
            <Chip.Group multiple value={shown} onChange={setShown}>
              <Group gap={6} role="group" aria-label={t`Which labels`}>{emotions.map((each) => <Chip key={each} value={each} size="xs" variant="outline" styles={{label: {borderInlineStart: `4px solid ${colours[each]}`}}}>{names[each]}</Chip>)}</Group>
            </Chip.Group>
            <Scatter map={map.data} points={points.data ?? none} placed={placed} shown={shown} onHover={(next) => { if (next) setHovered(next); }} />
            <NotADiagnosis model={map.data.model} />
          </Stack>
        </Card>
      </Grid.Col>
      <Grid.Col span={{base: 12, lg: 4}}>
        <Stack>
          <Card title={t`What it is`}><Box mih={64}><About hovered={hovered} dataset={job.data?.request.dataset ?? null} /></Box></Card>
          <Card title={t`A face from here`}>
            <Stack gap="sm">
              <Place onPlaced={setPlaced} />
              {placed[0] && <Stack gap={6}><EmotionBars p={placed[0].p} /><Text size="sm">{placed[0].place?.label && <Trans>Its neighbours on the map are mostly labelled {names[placed[0].place.label]}.</Trans>}</Text></Stack>}
            </Stack>
          </Card>
          <Card title={t`A data set`}>
            <Stack gap="sm">
              <DatasetSelect {...from} onChange={(dataset, version) => setFrom({dataset, version})} />
              <Group><Button size="xs" loading={make.isPending} disabled={!from.dataset} onClick={start}><Trans>Place its faces</Trans></Button></Group>
              {earlier.length > 0 && <Select size="sm" label={<Trans>Placed before</Trans>} clearable value={chosen} onChange={setChosen} data={earlier.map((each) => ({value: each.id, label: dateTime(each.created)}))} clearButtonProps={{'aria-label': t`None`}} />}
              {job.data && !isOver(job.data) && <JobProgress job={job.data} />}
              {job.data?.state === 'failed' && <Text size="sm" c="red" role="alert">{job.data.error}</Text>}
              {points.error && <Failure error={points.error} />}
            </Stack>
          </Card>
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

/** Where faces lie in what the model sees. */
export default function MapPage() {
  const {t} = useLingui();
  const access = useJobAccess();
  return (
    <Page title={t`Embedding map`} lead={<Trans>Which faces are alike to the model, which labels it keeps apart, and where a new face lies.</Trans>}>
      {access.research ? <Map_ /> : <NotForYou why={access.why ?? 'role'} />}
    </Page>
  );
}
