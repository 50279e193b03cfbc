import {Trans, useLingui} from '@lingui/react/macro';
import {Button, Group, Stack, Text, Textarea, TextInput} from '@mantine/core';
import {IconTrash, IconZoomIn} from '@tabler/icons-react';
import {useState, type FormEvent} from 'react';
import type {Note} from '@/api/records';
import {useDraft} from '@/shared/ui/useDraft';
import {useLine} from './context';
import {noteSeconds, secondsOf, written, type Interval} from './intervals';
import type {Marks} from './useMarks';

function TimeInput({label, value, onChange}: {label: React.ReactNode; value: string; onChange: (value: string) => void}) {
  return <TextInput label={label} size="xs" w={110} value={value} onChange={(event) => onChange(event.currentTarget.value)} error={secondsOf(value) === null && <Trans>as 1:05</Trans>} />;
}

/** A keyword's word and ends, by keyboard as well as by dragging. */
export function KeywordEditor({interval, marks, may, onGone}: {interval: Interval; marks: Marks; may: boolean; onGone: () => void}) {
  const {frames, window, playhead} = useLine();
  const {keyword} = interval;
  const [word, setWord] = useState(keyword.word);
  const [from, setFrom] = useState(written(interval.from));
  const [until, setUntil] = useState(written(interval.until));
  const begin = secondsOf(from), end = secondsOf(until);
  const good = word.trim() !== '' && begin !== null && end !== null && end > begin;
  const changed = word !== keyword.word || from !== written(interval.from) || until !== written(interval.until);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!good || begin === null || end === null) return;
    void marks.changeKeyword(keyword, {
      ...(word === keyword.word ? {} : {word: word.trim()}), ...(from === written(interval.from) ? {} : {from: frames.momentAt(begin)}), ...(until === written(interval.until) ? {} : {until: frames.momentAt(end)}),
    });
  };
  return (
    <form onSubmit={save}>
      <Group align="flex-end" gap="sm">
        <TextInput label={<Trans>Keyword</Trans>} size="xs" w={180} maxLength={200} value={word} onChange={(event) => setWord(event.currentTarget.value)} readOnly={!may} />
        <TimeInput label={<Trans>From</Trans>} value={from} onChange={setFrom} />
        <TimeInput label={<Trans>Until</Trans>} value={until} onChange={setUntil} />
        {may && <Button type="submit" size="xs" disabled={!good || !changed}><Trans>Save</Trans></Button>}
        <Button size="xs" variant="default" leftSection={<IconZoomIn size={14} aria-hidden />} onClick={() => { const room = (interval.until - interval.from) / 2; window.set(interval.from - room, interval.until + room); playhead.set(interval.from); }}><Trans>Zoom to it</Trans></Button>
        {may && <Button size="xs" variant="subtle" color="red" leftSection={<IconTrash size={14} aria-hidden />} onClick={() => { onGone(); void marks.removeKeyword(keyword); }}><Trans>Remove</Trans></Button>}
      </Group>
      {interval.open && <Text size="xs" c="dimmed" mt={4}><Trans>It has no end of its own: it lasts until the next keyword, or the end of the session.</Trans></Text>}
    </form>
  );
}

export function NoteEditor({note, marks, may, onGone}: {note: Note; marks: Marks; may: boolean; onGone: () => void}) {
  const {t} = useLingui();
  const {frames} = useLine();
  const seconds = noteSeconds(note, frames);
  const [text, setText, forget] = useDraft(`note.${note.id}`, note.text);
  const [at, setAt] = useState(written(seconds));
  const moved = secondsOf(at);
  const changed = text !== note.text || at !== written(seconds);
  const by = note.author_name && <Text size="xs" c="dimmed"><Trans>Written by {note.author_name}</Trans></Text>;
  if (!may) return <Stack gap={2}><Text size="sm" style={{whiteSpace: 'pre-wrap'}}>{note.text}</Text>{by}</Stack>;
  return (
    <Stack gap="xs">
      {by}
      <Textarea aria-label={t`Note`} autosize minRows={2} maxRows={8} maxLength={10000} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      <Group align="flex-end" gap="sm">
        <TimeInput label={<Trans>At</Trans>} value={at} onChange={setAt} />
        <Button size="xs" disabled={!changed || !text.trim() || moved === null} onClick={() => {
          forget();
          void marks.changeNote(note, {...(text === note.text ? {} : {text: text.trim()}), ...(at === written(seconds) || moved === null ? {} : {at: frames.momentAt(moved)})});
        }}><Trans>Save</Trans></Button>
        <Button size="xs" variant="subtle" color="red" leftSection={<IconTrash size={14} aria-hidden />} onClick={() => { onGone(); void marks.removeNote(note); }}><Trans>Remove</Trans></Button>
      </Group>
    </Stack>
  );
}

/** A new keyword for a stretch, or a new note at a time. */
export function NewMark({kind, from, until, words, onAdd, onCancel}: {kind: 'keyword' | 'note'; from: number; until: number; words: readonly string[]; onAdd: (text: string) => void; onCancel: () => void}) {
  const {t} = useLingui();
  const [text, setText, forget] = useDraft(`new-${kind}`, '');
  const add = (value: string) => { forget(); onAdd(value); };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) add(text.trim());
  };
  return (
    <form onSubmit={submit} onKeyDown={(event) => { if (event.key === 'Escape') onCancel(); }}>
      <Stack gap="xs">
        <Text size="xs" c="dimmed" className="py-number">{kind === 'keyword' ? <Trans>From {written(from)} to {written(until)}</Trans> : <Trans>At {written(from)}</Trans>}</Text>
        <Group align="flex-end" gap="sm">
          {kind === 'keyword' ? <TextInput size="xs" w={220} maxLength={200} label={t`New keyword`} value={text} onChange={(event) => setText(event.currentTarget.value)} autoFocus />
            : <Textarea size="xs" w={{base: '100%', sm: 420}} maxLength={10000} autosize minRows={2} label={t`New note`} value={text} onChange={(event) => setText(event.currentTarget.value)} autoFocus />}
          <Button type="submit" size="xs" disabled={!text.trim()}><Trans>Add</Trans></Button>
          <Button size="xs" variant="default" onClick={onCancel}><Trans>Cancel</Trans></Button>
        </Group>
        {kind === 'keyword' && words.length > 0 && <Group gap={6}>{words.slice(0, 9).map((word) => <Button key={word} size="compact-xs" variant="light" onClick={() => add(word)}>{word}</Button>)}</Group>}
      </Stack>
    </form>
  );
}
