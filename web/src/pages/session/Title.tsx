import {Trans, useLingui} from '@lingui/react/macro';
import {ActionIcon, Button, Group, TextInput} from '@mantine/core';
import {IconPencil} from '@tabler/icons-react';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState, type FormEvent} from 'react';
import {api, body} from '@/api/client';
import {sessionQuery, versionOf, type Session} from '@/api/records';
import {tellFailure} from '@/shared/ui/toasts';

/** Gives the session another title. */
export function Title({session}: {session: Session}) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const [text, setText] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: (title: string) => body(api.PATCH('/api/v1/sessions/{session}', {params: {path: {session: session.id}, header: versionOf(session)}, body: {title}})),
    onSuccess: (now) => {
      queryClient.setQueryData(sessionQuery(session.id).queryKey, now);
      void queryClient.invalidateQueries({queryKey: ['sessions', 'of', session.person]});
      setText(null);
    },
    onError: tellFailure,
  });
  if (text === null) return <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t`Change the title`} onClick={() => setText(session.title ?? '')}><IconPencil size={15} aria-hidden /></ActionIcon>;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) save.mutate(text.trim());
  };
  return (
    <form onSubmit={submit} onKeyDown={(event) => { if (event.key === 'Escape') setText(null); }}>
      <Group gap={6} wrap="nowrap"><TextInput size="xs" aria-label={t`Title`} maxLength={200} value={text} onChange={(event) => setText(event.currentTarget.value)} autoFocus /><Button type="submit" size="xs" loading={save.isPending} disabled={!text.trim()}><Trans>Save</Trans></Button></Group>
    </form>
  );
}
