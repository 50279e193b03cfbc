import {Trans, useLingui} from '@lingui/react/macro';
import {ActionIcon, Box, Button, Group, Kbd, Progress, Select, Text, Tooltip, useComputedColorScheme} from '@mantine/core';
import {IconArrowsHorizontal, IconChevronLeft, IconChevronRight, IconNote, IconTag, IconZoomIn, IconZoomOut} from '@tabler/icons-react';
import {useState} from 'react';
import {WithTable} from '@/shared/charts/WithTable';
import {duration, number, percent} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import {useLine} from './context';
import {IntervalLane, type Chosen} from './IntervalLane';
import {noteSeconds, type Interval} from './intervals';
import {Lanes} from './Lanes';
import {KeywordEditor, NewMark, NoteEditor} from './MarkEditor';
import {Overview} from './Overview';
import type {Channel} from './track';
import type {Loaded} from './useFrames';
import type {Marks} from './useMarks';

interface Props {
  loaded: Loaded;
  expected: number | null;
  intervals: readonly Interval[];
  marks: Marks;
  expressions: boolean;
  may: boolean;
  model: string | null;
  chosen: Chosen;
  onChoose: (chosen: Chosen) => void;
}

/** At most so many rows as a table: what is shown now, in equal steps. */
const kRows = 60;

export function Timeline({loaded, expected, intervals, marks, expressions, may, model, chosen, onChoose}: Props) {
  const {t} = useLingui();
  const {window, cursor, playhead, frames, track} = useLine();
  const dark = useComputedColorScheme('light') === 'dark';
  const [making, setMaking] = useState<{kind: 'keyword' | 'note'; from: number; until: number} | null>(null);
  const words = [...new Set(intervals.map(({keyword}) => keyword.word))];
  const keyword = chosen?.kind === 'keyword' ? intervals.find((each) => each.keyword.id === chosen.id) : undefined;
  const note = chosen?.kind === 'note' ? marks.notes.find((each) => each.id === chosen.id) : undefined;
  const here = () => playhead.at ?? cursor.at ?? (window.min + window.max) / 2;
  const start = (kind: 'keyword' | 'note') => {
    onChoose(null);
    const at = here();
    setMaking({kind, from: at, until: kind === 'keyword' ? Math.min(window.full.max, at + Math.max(5, (window.max - window.min) / 20)) : at});
  };
  const add = (text: string) => {
    if (!making) return;
    const {kind, from, until} = making;
    setMaking(null);
    void (kind === 'keyword' ? marks.addKeyword(text, frames.momentAt(from), frames.momentAt(until)) : marks.addNote(text, frames.momentAt(from)));
  };
  const tool = (label: string, Icon: typeof IconZoomIn, deed: () => void) => (
    <Tooltip label={label}><ActionIcon variant="default" aria-label={label} onClick={deed}><Icon size={16} aria-hidden /></ActionIcon></Tooltip>
  );
  const rows = () => {
    const {min, max} = window, step = (max - min) / kRows;
    return Array.from({length: kRows}, (_, at) => {
      const from = min + at * step, begin = track.indexAt(from), end = track.indexAt(from + step);
      const mean = (channel: Channel) => track.columns[channel].mean(begin, end);
      return [duration(from), ...(expressions ? [number(mean('index')), percent(mean('happy')), percent(mean('sad')), percent(mean('angry')), percent(mean('neutral'))] : []), percent(mean('eye_openness')), percent(mean('perclos'), 1), number(mean('yaw_deg'))];
    });
  };
  const faces = [...frames.tracks.keys()];
  return (
    <Card title={<Trans>Course of the session</Trans>} aside={(
      <Group gap={6} wrap="nowrap" className="py-no-print" dir="ltr">
        {tool(t`Earlier`, IconChevronLeft, () => window.pan(-(window.max - window.min) / 3))}
        {tool(t`Later`, IconChevronRight, () => window.pan((window.max - window.min) / 3))}
        {tool(t`Closer`, IconZoomIn, () => window.zoom(0.5, playhead.at !== null && playhead.at > window.min && playhead.at < window.max ? playhead.at : undefined))}
        {tool(t`Wider`, IconZoomOut, () => window.zoom(2))}
        {tool(t`All of it`, IconArrowsHorizontal, () => window.all())}
      </Group>
    )}>
      {!frames.done && <Progress size="xs" mb="xs" value={expected ? Math.min(99, (frames.frames / expected) * 100) : 50} animated={!expected} aria-label={t`Loading the session`} />}
      <WithTable caption={t`Means of equal parts of what is shown`} rows={rows}
        columns={[t`From`, ...(expressions ? [t`Index`, t`Happy`, t`Sad`, t`Angry`, t`Neutral`] : []), t`Eyes open`, t`PERCLOS`, t`Turned, °`]}>
        <Box>
          <Overview channel={expressions ? 'index' : 'eye_openness'} range={expressions ? [0, 100] : [0, 1]} colour={dark ? '#7fd0d3' : '#155e63'} version={loaded.version} />
          <Box mt="xs">
            <IntervalLane intervals={intervals} notes={marks.notes} chosen={chosen} onChoose={(next) => { setMaking(null); onChoose(next); const at = next?.kind === 'note' ? marks.notes.find(({id}) => id === next.id) : undefined; if (at) playhead.set(noteSeconds(at, frames)); }}
              onMove={may ? (interval, from, until) => void marks.changeKeyword(interval.keyword, {...(from === interval.from ? {} : {from: frames.momentAt(from)}), ...(until === interval.until ? {} : {until: frames.momentAt(until)})}) : undefined}
              onDraw={may ? (from, until) => { onChoose(null); setMaking({kind: 'keyword', from, until}); } : undefined} />
          </Box>
          <Group gap="sm" my="xs" ps={44} align="flex-start">
            {making ? <NewMark key={`${making.kind}${making.from}`} {...making} words={words} onAdd={add} onCancel={() => setMaking(null)} />
              : keyword ? <KeywordEditor key={`${keyword.keyword.id}.${keyword.keyword.version}.${keyword.until}`} interval={keyword} marks={marks} may={may} onGone={() => onChoose(null)} />
              : note ? <NoteEditor key={`${note.id}.${note.version}`} note={note} marks={marks} may={may} onGone={() => onChoose(null)} />
              : may && (
                <>
                  <Button size="compact-sm" variant="light" leftSection={<IconTag size={15} aria-hidden />} onClick={() => start('keyword')}><Trans>Keyword here</Trans></Button>
                  <Button size="compact-sm" variant="light" leftSection={<IconNote size={15} aria-hidden />} onClick={() => start('note')}><Trans>Note here</Trans></Button>
                  <Text size="xs" c="dimmed" maw={420} visibleFrom="sm"><Trans>Click into a lane to choose the time, or draw a stretch where the keywords are.</Trans></Text>
                </>
              )}
            {faces.length > 1 && (
              <Select size="xs" ms="auto" w={170} aria-label={t`Face`} allowDeselect={false} value={String(loaded.face ?? '')} onChange={(value) => value && loaded.setFace(Number(value))} data={faces.map((face) => ({value: String(face), label: t`Face ${face}`}))} />
            )}
          </Group>
          <Lanes expressions={expressions} />
          <Text size="xs" c="dimmed" ps={44} visibleFrom="sm"><Trans>Drag over a lane to look closer; double click for all. <Kbd size="xs">Ctrl</Kbd> and the wheel zoom, <Kbd size="xs">Shift</Kbd> and the wheel move. Far out, lines are means of what lies under a pixel.</Trans></Text>
        </Box>
      </WithTable>
      {expressions && <Box mt="xs"><NotADiagnosis model={model} /></Box>}
    </Card>
  );
}
