import {Trans, useLingui} from '@lingui/react/macro';
import {Button, Checkbox, Group, Stack} from '@mantine/core';
import {useNavigate} from '@tanstack/react-router';
import {useMemo, useState} from 'react';
import type {Chosen} from '@/shared/jobs/drop';
import {useJobDeeds} from '@/shared/jobs/jobs';
import {datasetOf, fromFiles, LabelledSource} from '@/shared/jobs/LabelledSource';
import {ModelSelect} from '@/shared/jobs/ModelSelect';
import {labelledSet} from '@/shared/jobs/plan';
import {SendingList} from '@/shared/jobs/SendingList';
import {useDraft} from '@/shared/ui/useDraft';
import {useSending} from '@/shared/jobs/useSending';
import {tellFailure} from '@/shared/ui/toasts';
import {keepPictures} from './localPictures';

interface Props {
  /** The model that is judged, where that is settled. */
  model?: string;
  /** What it is compared with, unless something else is chosen. */
  against?: string | null;
}

/** A model judged on labelled pictures. */
export function NewEvaluation({model: settled, against: proposed = null}: Props) {
  const {t} = useLingui();
  const navigate = useNavigate();
  const {make} = useJobDeeds();
  const [files, setFiles] = useState<Chosen[]>([]);
  const [draft, setDraft] = useDraft(`evaluation.${settled ?? ''}`, {source: fromFiles, model: settled ?? null, against: proposed, cropped: false});
  const sending = useSending(null);
  const set = useMemo(() => labelledSet(files), [files]);
  const options = {...(draft.model ? {model: draft.model} : {}), ...(draft.against ? {against: draft.against} : {}), ...(draft.cropped && draft.source.kind === 'files' ? {cropped: true} : {})};
  const jobOf = (uploads: string[]) => ({kind: 'evaluate' as const, uploads, options});
  const open = (job: {id: string} | undefined) => {
    if (!job) return;
    if (files.length > 1) keepPictures(job.id, files);
    void navigate({to: '/batch/$job', params: {job: job.id}});
  };
  const start = async () => {
    if (draft.source.kind === 'files') return set.part && open((await sending.start([set.part], jobOf))[0]);
    const of = datasetOf(draft.source);
    if (of) make.mutate({kind: 'evaluate', ...of, options}, {onSuccess: open, onError: tellFailure});
  };
  const ready = draft.source.kind === 'files' ? set.part !== null : draft.source.dataset !== null;
  return (
    <Stack>
      <LabelledSource source={draft.source} onSource={(source) => setDraft({...draft, source})} files={files} disabled={sending.busy} onFiles={(more) => { sending.clear(); setFiles(more.length > 0 ? [...files, ...more] : []); }} />
      <Group grow align="flex-start">
        {!settled && <ModelSelect label={<Trans>Model</Trans>} value={draft.model} onChange={(model) => setDraft({...draft, model})} />}
        <ModelSelect label={<Trans>Compare with</Trans>} without={draft.model} value={draft.against} onChange={(against) => setDraft({...draft, against})} placeholder={t`Nothing`} />
      </Group>
      {draft.source.kind === 'files' && (
        <Checkbox checked={draft.cropped} onChange={(e) => setDraft({...draft, cropped: e.currentTarget.checked})} label={<Trans>The pictures are cut-out faces already</Trans>}
          description={<Trans>As those of FER2013. Otherwise the face is sought in each picture.</Trans>} />
      )}
      {sending.items.length > 0 && <SendingList items={sending.items} busy={sending.busy} onStop={sending.stop} onAgain={() => void sending.again(jobOf).then(([job]) => open(job))} />}
      <Group><Button loading={sending.busy || make.isPending} disabled={!ready || sending.items.length > 0} onClick={() => void start()}><Trans>Start</Trans></Button></Group>
    </Stack>
  );
}
