import {expect, test} from 'vitest';
import {Problem} from '@/api/problem';
import {Pieces} from './pieces';

const blob = (text: string) => new Blob([text]);

test('pieces go in their order, each once, through a break', async () => {
  const sent: string[] = [], timers: (() => void)[] = [];
  let away = true;
  const pieces = new Pieces({
    send: async (number, piece) => {
      if (away) throw Problem.unreachable();
      sent.push(`${number}:${await piece.text()}`);
    },
    later: (then) => timers.push(then),
  }, () => {});
  pieces.push(blob('a'));
  pieces.push(blob('b'));
  pieces.push(new Blob([]));
  await new Promise((resolve) => setTimeout(resolve));
  expect(sent).toEqual([]);
  away = false;
  timers.shift()?.();
  await pieces.settled();
  expect(sent).toEqual(['0:a', '1:b']);
});

test('what is refused for good ends it', async () => {
  const told: unknown[] = [];
  const pieces = new Pieces({send: async () => { throw new Problem(403, 'consent-missing', ''); }, later: () => {}}, (error) => told.push(error));
  pieces.push(blob('a'));
  await pieces.settled();
  pieces.push(blob('b'));
  expect(told).toHaveLength(1);
});
