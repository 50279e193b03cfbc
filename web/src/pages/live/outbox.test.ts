import {describe, expect, test, vi} from 'vitest';
import {Problem} from '@/api/problem';
import {Outbox, type Letter} from './outbox';

const note = (key: string): Letter => ({key, kind: 'note', body: {session: 's', text: key}});
function storage() {
  const map = new Map<string, string>();
  return {getItem: (k: string) => map.get(k) ?? null, setItem: (k: string, v: string) => void map.set(k, v), removeItem: (k: string) => void map.delete(k), map};
}

describe('what waits to be sent', () => {
  test('stays through a break and a reload, in its order, and goes once', async () => {
    vi.useFakeTimers();
    const kept = storage(), sent: string[] = [];
    let reachable = false;
    const send = async (letter: Letter) => {
      if (!reachable) throw Problem.unreachable();
      sent.push(letter.key);
    };
    const first = new Outbox('box', kept, send, () => {}, () => {});
    first.put(note('a'));
    first.put(note('b'));
    await vi.advanceTimersByTimeAsync(100);
    expect(sent).toEqual([]);
    first.close();
    const second = new Outbox('box', kept, send, () => {}, () => {});
    expect(second.letters.map((each) => each.key)).toEqual(['a', 'b']);
    reachable = true;
    await second.flush();
    expect(sent).toEqual(['a', 'b']);
    expect(kept.map.size).toBe(0);
    vi.useRealTimers();
  });
  test('what is refused for good is told and let go; the rest goes on', async () => {
    const kept = storage(), sent: string[] = [], refused: unknown[] = [];
    const box = new Outbox('box', kept, async (letter) => {
      if (letter.key === 'a') throw new Problem(403, 'consent-missing', '');
      sent.push(letter.key);
    }, () => {}, (error) => refused.push(error));
    box.put(note('a'));
    box.put(note('b'));
    await vi.waitFor(() => expect(sent).toEqual(['b']));
    expect(refused).toHaveLength(1);
    expect(box.letters).toEqual([]);
  });
  test('tries again by itself', async () => {
    vi.useFakeTimers();
    const sent: string[] = [];
    let failures = 2;
    const box = new Outbox('box', storage(), async (letter) => {
      if (failures-- > 0) throw new Problem(503, 'busy', '');
      sent.push(letter.key);
    }, () => {}, () => {});
    box.put(note('a'));
    await vi.advanceTimersByTimeAsync(7000);
    expect(sent).toEqual(['a']);
    vi.useRealTimers();
  });
});
