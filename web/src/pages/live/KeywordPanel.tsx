import {Trans, useLingui} from '@lingui/react/macro';
import {ActionIcon, Group, Stack, Switch, Text, TextInput} from '@mantine/core';
import {IconPlus} from '@tabler/icons-react';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useCallback, useEffect, useState, type FormEvent} from 'react';
import {api, body, idempotencyKey} from '@/api/client';
import type {Keyword} from '@/api/records';
import type {LiveFeed} from '@/features/live/feed';
import {time} from '@/shared/format';
import {tellFailure} from '@/shared/ui/toasts';
import {chipOfKey, openKeyword} from './keywords';
import type {Outbox} from './outbox';
import classes from './room.module.css';

const kWords = 'pyrometer.keywords', kKeys = 'pyrometer.keywords.keys';

interface Props {
  session: string;
  feed: LiveFeed;
  keywords: readonly Keyword[];
  outbox: Outbox;
}

/** What the talk is about now: one press (or key) begins it, another ends it. */
export function KeywordPanel({session, feed, keywords, outbox}: Props) {
  const {t} = useLingui();
  const queryClient = useQueryClient();
  const [words, setWords] = useState<string[]>(() => {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(kWords) ?? 'null');
      if (Array.isArray(kept)) return kept.filter((each): each is string => typeof each === 'string');
    } catch { /* begun anew */ }
    return [t`Work`, t`Sleep`, t`Family`, t`Health`, t`Conflict`, t`Rest`];
  });
  const [keys, setKeys] = useState(() => localStorage.getItem(kKeys) !== 'off');
  const [own, setOwn] = useState('');
  const waiting = outbox.letters.flatMap((letter) => (letter.kind === 'keyword' ? [letter.body] : []));
  const now = openKeyword<Pick<Keyword, 'word' | 'from'> & {until?: string | null; id?: string; version?: number}>([...keywords, ...waiting]);

  const end = useMutation({
    mutationFn: (keyword: {id: string; version: number}) => body(api.PATCH('/api/v1/keywords/{keyword}', {
      params: {path: {keyword: keyword.id}, header: {'If-Match': `"${keyword.version}"`}}, body: {until: feed.serverNow().toISOString()},
    })),
    onError: tellFailure,
    onSettled: () => queryClient.invalidateQueries({queryKey: ['keywords', {session}]}),
  });
  const press = useCallback((word: string) => {
    if (now?.word === word) {
      if (now.id !== undefined && now.version !== undefined) end.mutate({id: now.id, version: now.version});
      return;
    }
    outbox.put({key: idempotencyKey(), kind: 'keyword', body: {session, word, from: feed.serverNow().toISOString()}});
  }, [now, end, outbox, session, feed]);

  useEffect(() => {
    if (!keys) return;
    const pressed = (event: KeyboardEvent) => {
      const word = words[chipOfKey(event) ?? -1];
      if (word === undefined) return;
      event.preventDefault();
      press(word);
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [keys, words, press]);

  const keep = (next: string[]) => {
    localStorage.setItem(kWords, JSON.stringify(next));
    setWords(next);
  };
  const add = (event: FormEvent) => {
    event.preventDefault();
    const word = own.trim();
    if (!word) return;
    if (!words.includes(word)) keep([...words, word]);
    setOwn('');
    if (now?.word !== word) press(word);
  };
  return (
    <Stack gap="sm">
      <Group gap={8} role="group" aria-label={t`Keywords`}>
        {words.map((word, at) => (
          <button key={word} type="button" className={classes.chip} aria-pressed={now?.word === word} onClick={() => press(word)}
            onKeyDown={(event) => { if (event.key === 'Delete') keep(words.filter((each) => each !== word)); }}>
            {word}{keys && at < 9 && <span className={classes.key} aria-hidden>{at + 1}</span>}
          </button>
        ))}
      </Group>
      <Text size="sm" c="dimmed" aria-live="polite">
        {now ? <Trans>Now: <b>{now.word}</b>, since {time(now.from)}. Press it again to end it.</Trans> : <Trans>Nothing is marked now. Press a word when the talk turns to it.</Trans>}
      </Text>
      <Group justify="space-between" align="flex-end">
        <form onSubmit={add}>
          <Group gap={6} align="flex-end" wrap="nowrap">
            <TextInput size="xs" label={t`A word of your own`} value={own} maxLength={80} onChange={(e) => setOwn(e.currentTarget.value)} />
            <ActionIcon type="submit" size={30} variant="light" aria-label={t`Add and mark it now`} disabled={!own.trim()}><IconPlus size={16} /></ActionIcon>
          </Group>
        </form>
        <Switch size="xs" checked={keys} label={t`Keys 1 to 9`} onChange={(e) => { const on = e.currentTarget.checked; localStorage.setItem(kKeys, on ? 'on' : 'off'); setKeys(on); }} />
      </Group>
      <Text size="xs" c="dimmed"><Trans>A word that is no longer needed: move to it and press Delete.</Trans></Text>
    </Stack>
  );
}
