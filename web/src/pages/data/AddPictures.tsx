import {Plural, Trans} from '@lingui/react/macro';
import {Alert, Box, Stack, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {useEffect, useRef, useState} from 'react';
import {mediaOf, type Chosen} from '@/shared/jobs/drop';
import {DropZone} from '@/shared/jobs/DropZone';
import {isOver, jobQuery} from '@/shared/jobs/jobs';
import {JobProgress} from '@/shared/jobs/JobStateBadge';
import type {Part} from '@/shared/jobs/plan';
import {SendingList} from '@/shared/jobs/SendingList';
import {useSending} from '@/shared/jobs/useSending';

// What waits to be taken in goes on after a reload.
const keyOf = (dataset: string) => `pyrometer.import.${dataset}`;

/** Each archive is an import of its own; all other pictures travel as one zip, with their folders. */
function partsOf(files: readonly Chosen[]): Part[] {
  const pictures = files.filter(({path}) => mediaOf(path) === 'picture');
  return [
    ...files.filter(({path}) => mediaOf(path) === 'archive').map((each): Part => ({name: each.path, files: [each], zipped: false, kind: 'archive'})),
    ...(pictures.length > 0 ? [{name: pictures[0]!.path, files: pictures, zipped: true, kind: 'pictures'} satisfies Part] : []),
  ];
}

function Import({id, onOver}: {id: string; onOver: () => void}) {
  const {data: job, error} = useQuery(jobQuery(id));
  const over = error !== null || (job !== undefined && isOver(job));
  const told = useRef(false);
  useEffect(() => {
    if (!over || told.current) return;
    told.current = true;
    onOver();
  }, [over, onOver]);
  if (!job) return null;
  if (!isOver(job)) return <JobProgress job={job} />;
  if (job.state !== 'done') return <Alert variant="light" color="red" role="alert">{job.error}</Alert>;
  const {added, there_already: there, left_out: skipped} = job.result ?? {};
  return (
    <Text size="sm" role="status">
      <Plural value={added ?? 0} one="# picture was added." other="# pictures were added." />{' '}
      {(there ?? 0) > 0 && <Plural value={there ?? 0} one="# was there already." other="# were there already." />}{' '}
      {(skipped ?? 0) > 0 && <Plural value={skipped ?? 0} one="# file was no picture." other="# files were no pictures." />}
    </Text>
  );
}

/** Pictures, folders and archives go in; `some`: there are pictures already. */
export function AddPictures({dataset, some, onAdded}: {dataset: string; some: boolean; onAdded: () => void}) {
  const sending = useSending(null);
  const [jobs, setJobs] = useState<string[]>(() => JSON.parse(sessionStorage.getItem(keyOf(dataset)) ?? '[]') as string[]);
  const jobOf = (uploads: string[]) => ({kind: 'import' as const, uploads, dataset});
  const follow = async (made: Promise<{id: string}[]>) => {
    const ids = (await made).map(({id}) => id);
    sessionStorage.setItem(keyOf(dataset), JSON.stringify(ids));
    setJobs(ids);
  };
  const over = () => { sessionStorage.removeItem(keyOf(dataset)); onAdded(); };
  const waits = sending.items.some(({state}) => state !== 'started');
  return (
    <Box className="py-paper" p="xs">
      <Stack gap="sm">
        <DropZone compact={some} folders accept="image/*,.zip,.tar,.gz,.tgz" disabled={sending.busy} onFiles={(files) => { const parts = partsOf(files); if (parts.length > 0) void follow(sending.start(parts, jobOf)); }}>
          <Trans>Drag pictures, folders or a zip here. A folder named as a class (happy, sad …) labels its pictures. Take only pictures of people who agreed to it.</Trans>
        </DropZone>
        {waits && <SendingList items={sending.items} busy={sending.busy} onStop={sending.stop} onAgain={() => void follow(sending.again(jobOf))} />}
        {jobs.map((id) => <Import key={id} id={id} onOver={over} />)}
      </Stack>
    </Box>
  );
}
