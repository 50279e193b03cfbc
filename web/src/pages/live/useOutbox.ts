import {useQueryClient} from '@tanstack/react-query';
import {useEffect, useReducer, useState} from 'react';
import {tellFailure} from '@/shared/ui/toasts';
import {Outbox, sendLetter} from './outbox';

/** Notes and keywords of one session on their way. */
export function useOutbox(session: string): Outbox {
  const queryClient = useQueryClient();
  const [, again] = useReducer((n: number) => n + 1, 0);
  const [box] = useState(() => new Outbox(`pyrometer.outbox.${session}`, localStorage, sendLetter, (sent) => {
    again();
    if (sent) void queryClient.invalidateQueries({queryKey: [sent.kind === 'note' ? 'notes' : 'keywords', {session}]});
  }, tellFailure));
  useEffect(() => {
    const flush = () => void box.flush();
    flush();
    window.addEventListener('online', flush);
    return () => {
      window.removeEventListener('online', flush);
      box.close();
    };
  }, [box]);
  return box;
}
