import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Accordion, Button, Checkbox, Group, List, NumberInput, Select, Stack, Text} from '@mantine/core';
import {useNavigate} from '@tanstack/react-router';
import {useMemo, useState} from 'react';
import type {components} from '@/api/schema';
import {bytes} from '@/shared/format';
import {useJobAccess} from '@/shared/jobs/access';
import type {Chosen} from '@/shared/jobs/drop';
import {DropZone} from '@/shared/jobs/DropZone';
import {ModelSelect} from '@/shared/jobs/ModelSelect';
import {PersonSelect} from '@/shared/jobs/PersonSelect';
import {analysisPlan} from '@/shared/jobs/plan';
import {SendingList} from '@/shared/jobs/SendingList';
import {useDraft} from '@/shared/ui/useDraft';
import {useSending} from '@/shared/jobs/useSending';

type Options = NonNullable<components['schemas']['AnalyzeJob']['options']>;

/** Videos and pictures, frame by frame. */
export function NewAnalysis() {
  const {t} = useLingui();
  const navigate = useNavigate();
  const access = useJobAccess();
  const [files, setFiles] = useState<Chosen[]>([]);
  const [{person, options}, setDraft] = useDraft('batch.analysis', {person: null as string | null, options: {} as Options});
  const sending = useSending(person);
  const {parts, left} = useMemo(() => analysisPlan(files), [files]);
  const change = (some: Options) => setDraft({person, options: {...options, ...some}});
  const job = (uploads: string[]) => ({kind: 'analyze' as const, uploads, options, ...(person ? {person} : {})});
  const follow = async (jobs: Promise<{id: string}[]>) => {
    const [only, ...more] = await jobs;
    if (only && more.length === 0 && parts.length === 1) void navigate({to: '/batch/$job', params: {job: only.id}});
  };
  return (
    <Stack>
      {access.person && <PersonSelect value={person} onChange={(value) => setDraft({person: value, options})} required />}
      <DropZone folders accept="image/*,video/*,.zip,.tar,.gz,.tgz,.mkv" disabled={sending.busy} onFiles={(more) => { sending.clear(); setFiles([...files, ...more]); }}>
        <Trans>Drag videos, pictures, folders or a zip here. Each video becomes a job of its own; pictures go together, in their order.</Trans>
      </DropZone>
      {parts.length > 0 && sending.items.length === 0 && (
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <List size="sm">
            {parts.slice(0, 8).map(({name, kind, files: some}) => (
              <List.Item key={name}>{kind === 'pictures' ? <Plural value={some.length} one="# picture" other="# pictures" /> : name} ({bytes(some.reduce((sum, each) => sum + each.file.size, 0))})</List.Item>
            ))}
            {parts.length > 8 && <List.Item><Trans>and {parts.length - 8} more</Trans></List.Item>}
          </List>
          <Button variant="subtle" size="compact-sm" onClick={() => setFiles([])}><Trans>Choose again</Trans></Button>
        </Group>
      )}
      {left.length > 0 && <Text size="sm" c="dimmed"><Plural value={left.length} one="# file is no picture, video or archive and is left out." other="# files are no pictures, videos or archives and are left out." /></Text>}
      <Accordion variant="default" chevronPosition="left">
        <Accordion.Item value="more">
          <Accordion.Control><Text size="sm"><Trans>Options</Trans></Text></Accordion.Control>
          <Accordion.Panel>
            <Stack gap="sm">
              <ModelSelect label={<Trans>Model</Trans>} value={options.model ?? null} onChange={(model) => change({model: model ?? undefined})} />
              <NumberInput label={<Trans>Faces at most</Trans>} description={<Trans>Fewer is faster.</Trans>} min={1} max={64} value={options.max_faces ?? 4} onChange={(value) => change({max_faces: typeof value === 'number' ? value : undefined})} />
              <Select label={<Trans>Faces are found by</Trans>} value={options.detector ?? 'blazeface'} allowDeselect={false} onChange={(value) => change({detector: value === 'mtcnn' ? 'mtcnn' : undefined})}
                data={[{value: 'blazeface', label: t`BlazeFace: fast, for faces near the camera`}, {value: 'mtcnn', label: t`MTCNN: slower, finds small faces`}]} />
              <Checkbox label={<Trans>Parquet as well (for R, Python, databases)</Trans>} checked={options.parquet ?? false} onChange={(e) => change({parquet: e.currentTarget.checked || undefined})} />
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
      {sending.items.length > 0 && <SendingList items={sending.items} busy={sending.busy} onStop={sending.stop} onAgain={() => void follow(sending.again(job))} />}
      <Group>
        <Button loading={sending.busy} disabled={parts.length === 0 || (access.person && !person) || sending.items.length > 0} onClick={() => void follow(sending.start(parts, job))}>
          {parts.length > 1 ? <Plural value={parts.length} one="Start # job" other="Start # jobs" /> : <Trans>Start</Trans>}
        </Button>
        {sending.items.length > 0 && !sending.busy && <Button variant="default" onClick={() => { sending.clear(); setFiles([]); }}><Trans>Analyse more</Trans></Button>}
      </Group>
    </Stack>
  );
}
