import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Checkbox, Group, NumberInput, SegmentedControl, Select, SimpleGrid, Stack, Text, TextInput} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {useNavigate} from '@tanstack/react-router';
import {useState} from 'react';
import type {components} from '@/api/schema';
import {surveysQuery} from '@/shared/surveys/queries';
import type {Chosen} from '@/shared/jobs/drop';
import {DropZone} from '@/shared/jobs/DropZone';
import {useJobDeeds, type NewJob} from '@/shared/jobs/jobs';
import {sendUpload} from '@/shared/jobs/upload';
import {describe} from '@/shared/ui/problemText';

type Options = NonNullable<components['schemas']['ValidateJob']['options']>;
type Figure = NonNullable<Options['figure']>;

function useFigureNames(): Record<Figure, string> {
  const {t} = useLingui();
  return {index: t`Index (0 to 100)`, score_final: t`Final score`, mean_score: t`Mean score`, volatility: t`Volatility`, perclos: t`PERCLOS`};
}

/** Sessions of this site beside the answers nearest to them, or a table of pairs that somebody has. */
export function NewStudy() {
  const {t} = useLingui();
  const navigate = useNavigate();
  const figures = useFigureNames();
  const surveys = useQuery(surveysQuery);
  const {make} = useJobDeeds();
  const [from, setFrom] = useState<'site' | 'table'>('site');
  const [instrument, setInstrument] = useState<string | null>(null);
  const [scale, setScale] = useState<string | null>(null);
  const [figure, setFigure] = useState<Figure>('index');
  const [within, setWithin] = useState<number>(7);
  const [permutations, setPermutations] = useState<number>(10_000);
  const [seed, setSeed] = useState<number>(1);
  const [group, setGroup] = useState('');
  const [file, setFile] = useState<Chosen | null>(null);
  const [differ, setDiffer] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const scales = surveys.data?.find(({id}) => id === instrument)?.scales ?? [];
  const ready = from === 'site' ? instrument !== null && scale !== null : file !== null;

  const start = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const common = {permutations, seed, ...(differ ? {different_units: true} : {})};
      let job: NewJob;
      if (from === 'site') {
        job = {kind: 'validate', options: {...common, instrument: instrument ?? '', scale: scale ?? '', figure, within_days: within}};
      } else {
        const upload = await sendUpload(file!.file, {person: null, signal: new AbortController().signal, onSent: () => {}, onWait: () => {}});
        job = {kind: 'validate', uploads: [upload.id], options: {...common, ...(group.trim() ? {group: group.trim()} : {})}};
      }
      const made = await make.mutateAsync(job);
      void navigate({to: '/studies/$job', params: {job: made.id}});
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  const whole = (set: (value: number) => void) => (value: string | number) => { if (typeof value === 'number') set(value); };
  return (
    <Stack>
      <SegmentedControl value={from} onChange={(value) => setFrom(value as typeof from)} aria-label={t`Where the pairs come from`} w="fit-content"
        data={[{value: 'site', label: t`Sessions of this site`}, {value: 'table', label: t`A table of pairs`}]} />
      {from === 'site' ? (
        <>
          <Text size="sm" c="dimmed"><Trans>Every ended session of people who agreed to research and take part in your study is paired with the answer nearest in time. Under their pseudonyms.</Trans></Text>
          <SimpleGrid cols={{base: 1, sm: 2, lg: 4}}>
            <Select label={<Trans>Questionnaire</Trans>} placeholder={t`Choose`} value={instrument} onChange={(next) => { setInstrument(next); setScale(surveys.data?.find(({id}) => id === next)?.scales.at(-1)?.id ?? null); }}
              data={(surveys.data ?? []).map(({id, title}) => ({value: id, label: title}))} error={surveys.isError ? describe(surveys.error) : undefined} />
            <Select label={<Trans>Scale</Trans>} value={scale} onChange={setScale} disabled={scales.length === 0} data={scales.map(({id, title}) => ({value: id, label: title}))} />
            <Select label={<Trans>Figure of the session</Trans>} value={figure} allowDeselect={false} onChange={(next) => setFigure((next ?? 'index') as Figure)} data={Object.entries(figures).map(([value, label]) => ({value, label}))} />
            <NumberInput label={<Trans>Answer within, days</Trans>} min={0} max={366} value={within} onChange={whole(setWithin)} />
          </SimpleGrid>
        </>
      ) : (
        <>
          <DropZone accept=".csv,text/csv" disabled={busy} onFiles={(files) => setFile(files[0] ?? null)}>
            {file ? file.file.name : <Trans>Drag a CSV here with the columns person, score, survey; session, time and group may follow.</Trans>}
          </DropZone>
          <TextInput label={<Trans>Column of groups, for figures of each</Trans>} maw={360} value={group} onChange={(e) => setGroup(e.currentTarget.value)} placeholder={t`none`} />
        </>
      )}
      <SimpleGrid cols={{base: 1, sm: 2, lg: 4}}>
        <NumberInput label={<Trans>Permutations</Trans>} min={100} max={1_000_000} step={1000} value={permutations} onChange={whole(setPermutations)} />
        <NumberInput label={<Trans>Seed</Trans>} description={<Trans>The same seed repeats the same figures.</Trans>} min={0} max={4_294_967_295} value={seed} onChange={whole(setSeed)} />
      </SimpleGrid>
      <Checkbox label={<Trans>Score and questionnaire have different units: leave out what compares their sizes</Trans>} checked={differ} onChange={(e) => setDiffer(e.currentTarget.checked)} />
      {failure !== null && <Alert color="red" variant="light" role="alert">{describe(failure)}</Alert>}
      <Group><Button onClick={() => void start()} loading={busy} disabled={!ready}><Trans>Compare</Trans></Button></Group>
    </Stack>
  );
}
