import {Trans} from '@lingui/react/macro';
import {Anchor, Group, Stack, Text} from '@mantine/core';
import {IconNotes} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {notesQuery} from '@/api/records';
import {dateTime} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {PageLoading} from '@/shared/ui/PageLoading';
import type {TabProps} from './PersonRecord';

/** All notes of all sessions, the newest first; each leads to its moment. */
export function NotesTab({person}: TabProps) {
  const {data, error, refetch} = useQuery(notesQuery({person: person.id}));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <PageLoading />;
  const notes = [...data].sort((a, b) => (b.at ?? b.created).localeCompare(a.at ?? a.created));
  return (
    <Card title={<Trans>Notes</Trans>} maw={860}>
      {notes.length === 0 ? (
        <EmptyState icon={IconNotes} title={<Trans>No notes yet</Trans>}>
          <Trans>Notes are written during a session, or later on its time line. What is about the person in general stands under “Facts”, as remarks.</Trans>
        </EmptyState>
      ) : (
        <Stack component="ul" gap={0} p={0} m={0} style={{listStyle: 'none'}}>
          {notes.map((note) => (
            <Stack component="li" key={note.id} gap={2} py="sm" style={{borderTop: '1px solid var(--py-line)'}}>
              <Group justify="space-between">
                <Text size="xs" c="dimmed">{dateTime(note.at ?? note.created)}{note.author_name && <> · {note.author_name}</>}</Text>
                {note.session && <Anchor component={Link} to={`/sessions/${note.session}${note.at ? `?at=${encodeURIComponent(note.at)}` : ''}`} size="xs"><Trans>Show this moment</Trans></Anchor>}
              </Group>
              <Text size="sm" style={{whiteSpace: 'pre-wrap'}}>{note.text}</Text>
            </Stack>
          ))}
        </Stack>
      )}
    </Card>
  );
}
