import {Trans, useLingui} from '@lingui/react/macro';
import {ActionIcon, Button, Group, Stack, Text, Textarea} from '@mantine/core';
import {IconClock, IconTrash} from '@tabler/icons-react';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState, type KeyboardEvent} from 'react';
import {api, idempotencyKey} from '@/api/client';
import type {Note} from '@/api/records';
import type {LiveFeed} from '@/features/live/feed';
import {timeWithSeconds} from '@/shared/format';
import {tellFailure, tellWithUndo} from '@/shared/ui/toasts';
import type {Outbox} from './outbox';

interface Draft {
  text: string;
  at: string | null;
}

interface Props {
  session: string;
  feed: LiveFeed;
  notes: readonly Note[];
  outbox: Outbox;
}

/** Notes, each of the time at which somebody began to write it. What is not saved yet outlives a reload. */
export function NotesPanel({session, feed, notes, outbox}: Props) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const place = `pyrometer.note.${session}`;
  const [draft, setDraft] = useState<Draft>(() => {
    try {
      return (JSON.parse(localStorage.getItem(place) ?? 'null') as Draft | null) ?? {text: '', at: null};
    } catch {
      return {text: '', at: null};
    }
  });
  const change = (text: string) => {
    const next = {text, at: text ? draft.at ?? feed.serverNow().toISOString() : null};
    setDraft(next);
    if (text) localStorage.setItem(place, JSON.stringify(next));
    else localStorage.removeItem(place);
  };
  const save = () => {
    const text = draft.text.trim();
    if (!text) return;
    outbox.put({key: idempotencyKey(), kind: 'note', body: {session, text, at: draft.at ?? feed.serverNow().toISOString()}});
    change('');
  };
  const remove = useMutation({
    mutationFn: (note: Note) => api.DELETE('/api/v1/notes/{note}', {params: {path: {note: note.id}}}),
    onSuccess: (_, note) => {
      void queryClient.invalidateQueries({queryKey: ['notes', {session}]});
      tellWithUndo(<Trans>The note was removed.</Trans>, () => outbox.put({key: idempotencyKey(), kind: 'note', body: {session, text: note.text, ...(note.at ? {at: note.at} : {})}}));
    },
    onError: tellFailure,
  });
  const keyed = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    save();
  };
  const waiting = outbox.letters.flatMap((letter) => (letter.kind === 'note' ? [letter] : []));
  return (
    <Stack gap="sm">
      <Textarea label={t`A note`} autosize minRows={2} maxRows={8} maxLength={10_000} value={draft.text} onChange={(e) => change(e.currentTarget.value)} onKeyDown={keyed}
        description={draft.at ? t`Of ${timeWithSeconds(draft.at)}` : t`It gets the time at which you begin to write. Ctrl + Enter saves.`} inputWrapperOrder={['label', 'input', 'description']} />
      <Group><Button size="xs" variant="light" disabled={!draft.text.trim()} onClick={save}><Trans>Save the note</Trans></Button></Group>
      <ul style={{listStyle: 'none', margin: 0, padding: 0, overflowY: 'auto', maxHeight: 300, display: 'grid', gap: 8}} aria-label={t`Notes of this session`}>
          {waiting.map((letter) => (
            <li key={letter.key}><Text size="xs" c="dimmed"><IconClock size={12} aria-hidden /> <Trans>waits for the server</Trans></Text><Text size="sm" style={{whiteSpace: 'pre-wrap'}}>{letter.body.text}</Text></li>
          ))}
          {[...notes].sort((a, b) => Date.parse(b.at ?? b.created) - Date.parse(a.at ?? a.created)).map((note) => (
            <li key={note.id}>
              <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
                <div>
                  <Text size="xs" c="dimmed" className="py-number">{timeWithSeconds(note.at ?? note.created)}</Text>
                  <Text size="sm" style={{whiteSpace: 'pre-wrap', overflowWrap: 'anywhere'}}>{note.text}</Text>
                </div>
                <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t`Remove this note`} onClick={() => remove.mutate(note)}><IconTrash size={14} /></ActionIcon>
              </Group>
            </li>
          ))}
      </ul>
    </Stack>
  );
}
