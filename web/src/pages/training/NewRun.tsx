import {Trans, useLingui} from '@lingui/react/macro';
import {Button, Checkbox, Group, NumberInput, SegmentedControl, Stack, Text} from '@mantine/core';
import {useNavigate} from '@tanstack/react-router';
import {useMemo, useState} from 'react';
import type {Chosen} from '@/shared/jobs/drop';
import {useJobDeeds, type NewJob} from '@/shared/jobs/jobs';
import {datasetOf, fromFiles, LabelledSource, type Source} from '@/shared/jobs/LabelledSource';
import {ModelSelect} from '@/shared/jobs/ModelSelect';
import {labelledSet} from '@/shared/jobs/plan';
import {SendingList} from '@/shared/jobs/SendingList';
import {useDraft} from '@/shared/ui/useDraft';
import {useSending} from '@/shared/jobs/useSending';
import {tellFailure} from '@/shared/ui/toasts';
import {presets, type FinetuneOptions, type Preset} from './runs';
import {TrainFields} from './TrainFields';

const empty = {
  source: {...fromFiles, kind: 'dataset'} as Source, way: 'finetune' as 'finetune' | 'train', preset: 'quick' as Preset | 'own',
  train: presets.quick, tune: {} as FinetuneOptions, cropped: true,
};

/** Data, a way, parameters: a run. */
export function NewRun() {
  const {t} = useLingui();
  const navigate = useNavigate();
  const {make} = useJobDeeds();
  const [draft, setDraft] = useDraft('training', empty);
  const [files, setFiles] = useState<Chosen[]>([]);
  const sending = useSending(null);
  const set = useMemo(() => labelledSet(files), [files]);
  const jobOf = (from: {uploads: string[]} | {dataset: string; version?: string}): NewJob => {
    const cropped = 'uploads' in from ? {cropped: draft.cropped} : {};
    return draft.way === 'train' ? {kind: 'train', ...from, options: {...draft.train, ...cropped}} : {kind: 'finetune', ...from, options: {...draft.tune, ...cropped}};
  };
  const ofUploads = (uploads: string[]) => jobOf({uploads});
  const open = (job: {id: string} | undefined) => { if (job) void navigate({to: '/training/$job', params: {job: job.id}}); };
  const start = async () => {
    if (draft.source.kind === 'files') return set.part && open((await sending.start([set.part], ofUploads))[0]);
    const of = datasetOf(draft.source);
    if (of) make.mutate(jobOf(of), {onSuccess: open, onError: tellFailure});
  };
  const ready = draft.source.kind === 'files' ? set.part !== null : draft.source.dataset !== null;
  return (
    <Stack>
      <LabelledSource source={draft.source} onSource={(source) => setDraft({...draft, source})} files={files} disabled={sending.busy} onFiles={(more) => { sending.clear(); setFiles(more.length > 0 ? [...files, ...more] : []); }} />
      {draft.source.kind === 'files' && <Checkbox checked={draft.cropped} onChange={(e) => setDraft({...draft, cropped: e.currentTarget.checked})} label={<Trans>The pictures are cut-out faces already</Trans>} />}
      <Stack gap={4}>
        <SegmentedControl value={draft.way} onChange={(way) => setDraft({...draft, way: way as typeof draft.way})} aria-label={t`Way of training`} data={[{value: 'finetune', label: t`Fine-tune`}, {value: 'train', label: t`From the start`}]} />
        <Text size="sm" c="dimmed">
          {draft.way === 'finetune' ? <Trans>A model's last layer learns your labels; the rest stays. Takes minutes, needs some hundred pictures.</Trans>
            : <Trans>A network learns from nothing but your pictures. Needs thousands of them, and time.</Trans>}
        </Text>
      </Stack>
      {draft.way === 'train' ? <TrainFields options={draft.train} preset={draft.preset} onChange={(train, preset) => setDraft({...draft, train, preset})} /> : (
        <Group grow align="flex-start">
          <ModelSelect label={<Trans>Which model</Trans>} value={draft.tune.model ?? null} onChange={(model) => setDraft({...draft, tune: {...draft.tune, model: model ?? undefined}})} />
          <NumberInput label={<Trans>Held out</Trans>} description={<Trans>To compare before and after on.</Trans>} inputWrapperOrder={['label', 'input', 'description']} min={0.05} max={0.9} step={0.05} decimalScale={2} value={draft.tune.hold_out ?? 0.1} onChange={(value) => setDraft({...draft, tune: {...draft.tune, hold_out: typeof value === 'number' ? value : undefined}})} />
        </Group>
      )}
      {sending.items.length > 0 && <SendingList items={sending.items} busy={sending.busy} onStop={sending.stop} onAgain={() => void sending.again(ofUploads).then(([job]) => open(job))} />}
      <Group><Button loading={sending.busy || make.isPending} disabled={!ready || sending.items.length > 0} onClick={() => void start()}><Trans>Start training</Trans></Button></Group>
    </Stack>
  );
}
