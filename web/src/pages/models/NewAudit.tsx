import {Trans} from '@lingui/react/macro';
import {Button, Group, Stack} from '@mantine/core';
import {useNavigate} from '@tanstack/react-router';
import {useMemo, useState} from 'react';
import type {Chosen} from '@/shared/jobs/drop';
import {fromFiles, LabelledSource} from '@/shared/jobs/LabelledSource';
import {labelledSet} from '@/shared/jobs/plan';
import {SendingList} from '@/shared/jobs/SendingList';
import {useSending} from '@/shared/jobs/useSending';

/** A set that tells people's groups, to look whether the model serves some worse. */
export function NewAudit({model}: {model: string}) {
  const navigate = useNavigate();
  const [files, setFiles] = useState<Chosen[]>([]);
  const sending = useSending(null);
  const set = useMemo(() => labelledSet(files, false), [files]);
  const jobOf = (uploads: string[]) => ({kind: 'audit' as const, uploads, options: {model}});
  const open = (job: {id: string} | undefined) => { if (job) void navigate({to: '/models/audit/$job', params: {job: job.id}}); };
  return (
    <Stack>
      <LabelledSource table source={fromFiles} onSource={() => undefined} files={files} disabled={sending.busy} onFiles={(more) => { sending.clear(); setFiles(more.length > 0 ? [...files, ...more] : []); }} />
      {sending.items.length > 0 && <SendingList items={sending.items} busy={sending.busy} onStop={sending.stop} onAgain={() => void sending.again(jobOf).then(([job]) => open(job))} />}
      <Group><Button loading={sending.busy} disabled={!set.part || sending.items.length > 0} onClick={() => { if (set.part) void sending.start([set.part], jobOf).then(([job]) => open(job)); }}><Trans>Start the audit</Trans></Button></Group>
    </Stack>
  );
}
