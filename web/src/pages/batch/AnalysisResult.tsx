import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Alert, Progress, Select, SimpleGrid, Stack, Table, Text} from '@mantine/core';
import {IconMoodEmpty} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {useEffect, useState} from 'react';
import {api, body} from '@/api/client';
import {bytes, duration, number, percent} from '@/shared/format';
import {resultQuery, type Job} from '@/shared/jobs/jobs';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import {Tile} from '@/shared/ui/Tile';
import {readFrames} from './frames';
import {SeriesOfFace} from './SeriesOfFace';
import {useReasons} from './reasons';
import type {SessionFile} from './session';

function OneInput({job, name, expressions}: {job: Job; name: string; expressions: boolean}) {
  const {t} = useLingui();
  const reasons = useReasons();
  const [read, setRead] = useState(0);
  const size = job.result?.files?.find((file) => file.name === name)?.bytes ?? 0;
  const frames = useQuery({
    queryKey: ['jobs', 'frames', job.id, name], staleTime: Number.POSITIVE_INFINITY, gcTime: 60_000,
    queryFn: async ({signal}) => {
      const stream = await body(api.GET('/api/v1/jobs/{job}/results/{name}', {params: {path: {job: job.id, name}}, parseAs: 'stream', signal}));
      return readFrames(stream as unknown as ReadableStream<Uint8Array>, setRead);
    },
  });
  const about = useQuery(resultQuery(job.id, name.replace(/frames\.csv$/, 'session.json'), (text) => JSON.parse(text) as SessionFile));
  const [face, setFace] = useState<string | null>(null);
  const faces = frames.data?.faces ?? [];
  useEffect(() => setFace(null), [name]);
  if (frames.error) return <Failure error={frames.error} retry={() => void frames.refetch()} />;
  if (!frames.data) {
    return (
      <Card title={t`Over time`}>
        <Stack gap={6}><Text size="sm" c="dimmed"><Trans>Reading {bytes(size)} of figures…</Trans></Text><Progress value={size > 0 ? (read / size) * 100 : 0} aria-label={t`Read`} /></Stack>
      </Card>
    );
  }
  const seen = faces.find(({id}) => String(id) === face) ?? faces[0];
  if (!seen) {
    return <Card title={t`Over time`}><EmptyState icon={IconMoodEmpty} title={<Trans>No face was found</Trans>}><Trans>Faces should be at least about 60 pixels high, lit, and turned to the camera.</Trans></EmptyState></Card>;
  }
  const person = about.data && about.data.persons.find((each) => each.face_id === seen.id);
  const gaps = Object.entries(seen.gaps).sort(([, a], [, b]) => b - a);
  return (
    <Stack>
      <SimpleGrid cols={{base: 2, md: 4}}>
        <Tile label={t`Faces`} value={number(faces.length)} detail={frames.data.empty > 0 ? <Plural value={frames.data.empty} one="# frame without anybody" other="# frames without anybody" /> : t`Somebody in every frame`} />
        <Tile label={t`Length`} value={duration((seen.time.at(-1) ?? 0) - (seen.time[0] ?? 0))} detail={<Plural value={seen.frames} one="# frame of this face" other="# frames of this face" />} />
        <Tile label={t`Could be read`} value={percent(seen.valid / seen.frames)} detail={gaps[0] ? t`Most often not because: ${reasons(gaps[0][0])}` : t`Every frame`} />
        {expressions && <Tile label={t`Index (0 to 100)`} value={number(person?.index, 1)} detail={person ? t`S ${number(person.mean_score, 3)}, volatility ${number(person.volatility, 4)}` : undefined} />}
      </SimpleGrid>
      <Card title={t`Over time`} aside={faces.length > 1 && (
        <Select size="xs" w={150} aria-label={t`Face`} value={String(seen.id)} onChange={setFace} allowDeselect={false} data={faces.map(({id, frames: count}) => ({value: String(id), label: t`Face ${id + 1} (${number(count)})`}))} />
      )}>
        <SeriesOfFace face={seen} expressions={expressions} />
        <NotADiagnosis model={about.data?.models.find((each) => each.name === 'expression') ? about.data.models.filter((each) => each.name === 'expression').map((each) => `${each.name}@${each.version}`).join() : null} />
      </Card>
      {gaps.length > 0 && (
        <Card title={t`Frames that could not be read`}>
          <Table fz="sm" maw={420} aria-label={t`Frames that could not be read`}>
            <Table.Tbody>{gaps.map(([reason, count]) => <Table.Tr key={reason}><Table.Td>{reasons(reason)}</Table.Td><Table.Td ta="end" className="py-number">{number(count)}</Table.Td></Table.Tr>)}</Table.Tbody>
          </Table>
        </Card>
      )}
    </Stack>
  );
}

/** What came of an analysis: each input's faces over time. */
export function AnalysisResult({job}: {job: Job}) {
  const {t} = useLingui();
  const names = (job.result?.files ?? []).map(({name}) => name).filter((name) => name.endsWith('frames.csv'));
  const [chosen, setChosen] = useState<string | null>(null);
  const name = chosen ?? names[0];
  const faults = (job.result?.inputs ?? []).filter(({fault}) => fault);
  const expressions = job.result?.expressions !== false;
  return (
    <Stack>
      {faults.map(({input, fault}) => <Alert key={input} variant="light" color="ember" title={input}><Trans>It was not read to its end: {fault}</Trans></Alert>)}
      {typeof job.result?.skipped === 'number' && job.result.skipped > 0 && (
        <Text size="sm" c="dimmed"><Plural value={job.result.skipped} one="# file was no picture and no video." other="# files were no pictures and no videos." /></Text>
      )}
      {names.length > 1 && <Select label={<Trans>Which of the files</Trans>} maw={420} value={name ?? null} onChange={setChosen} allowDeselect={false} searchable data={names.map((each) => ({value: each, label: each.replace(/\.?frames\.csv$/, '') || t`the upload`}))} />}
      {name && <OneInput key={name} job={job} name={name} expressions={expressions} />}
    </Stack>
  );
}
