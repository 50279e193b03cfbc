import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Badge, Button, Group, SegmentedControl, Stack, Text} from '@mantine/core';
import {useMemo} from 'react';
import {emotions} from '@/app/theme';
import {bytes, number} from '@/shared/format';
import {useEmotionNames} from '@/shared/ui/emotions';
import {DatasetSelect} from './DatasetSelect';
import type {Chosen} from './drop';
import {DropZone} from './DropZone';
import {labelledSet, type LabelledSet} from './plan';

export interface Source {
  kind: 'dataset' | 'files';
  dataset: string | null;
  version: string | null;
}

export const fromFiles: Source = {kind: 'files', dataset: null, version: null};

/** What a job names of it. */
export const datasetOf = ({dataset, version}: Source) => (dataset ? {dataset, ...(version ? {version} : {})} : null);

interface Props {
  source: Source;
  onSource: (source: Source) => void;
  files: Chosen[];
  onFiles: (files: Chosen[]) => void;
  disabled: boolean;
  /** Labels come from a table, not from folders. */
  table?: boolean;
}

/** Labelled pictures: one of the site's data sets, or files from here. */
export function LabelledSource({source, onSource, files, onFiles, disabled, table = false}: Props) {
  const {t} = useLingui();
  const set = useMemo(() => labelledSet(files, !table), [files, table]);
  return (
    <Stack gap="sm">
      {!table && (
        <SegmentedControl value={source.kind} onChange={(kind) => onSource({...source, kind: kind as Source['kind']})} aria-label={t`Where the pictures come from`}
          data={[{value: 'dataset', label: t`A data set of this site`}, {value: 'files', label: t`Files from here`}]} />
      )}
      {source.kind === 'dataset' && !table ? <DatasetSelect dataset={source.dataset} version={source.version} onChange={(dataset, version) => onSource({...source, dataset, version})} /> : (
        <>
          <DropZone folders accept="image/*,.zip,.tar,.gz,.tgz,.csv" disabled={disabled} onFiles={onFiles}>
            {table ? <Trans>Drag a zip or a folder here: pictures, and a labels.csv with a column for each group (age, gender, skin_tone …).</Trans>
              : <Trans>Drag a zip or a folder here that has a folder for each class: angry, disgust, fear, happy, sad, surprise, neutral.</Trans>}
          </DropZone>
          <ChosenSet set={set} files={files} onClear={() => onFiles([])} />
        </>
      )}
    </Stack>
  );
}

function ChosenSet({set, files, onClear}: {set: LabelledSet; files: readonly Chosen[]; onClear: () => void}) {
  const names = useEmotionNames();
  if (files.length === 0) return null;
  const size = files.reduce((sum, each) => sum + each.file.size, 0);
  return (
    <Stack gap="xs">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{set.part ? <Trans>{set.part.name}: {number(set.part.files.length)} files, {bytes(size)}</Trans> : <Trans>{number(files.length)} files</Trans>}</Text>
        <Button variant="subtle" size="compact-sm" onClick={onClear}><Trans>Choose again</Trans></Button>
      </Group>
      {Object.keys(set.counts).length > 0 && <Group gap={6}>{emotions.map((each) => set.counts[each] && <Badge key={each} variant="light" tt="none">{names[each]} {number(set.counts[each])}</Badge>)}</Group>}
      {set.problem && (
        <Alert variant="light" color="ember" role="alert">
          {set.problem === 'several' ? <Trans>One archive, or one folder: not several, and not both.</Trans>
            : set.problem === 'no-classes' ? <Trans>These pictures lie in no folders, so their classes are not known. Put them into folders named as the classes, or add a labels.csv.</Trans>
              : <Trans>No class is called {set.unknown.join(', ')}. Folders must be named angry, disgust, fear, happy, sad, surprise or neutral.</Trans>}
        </Alert>
      )}
    </Stack>
  );
}
