// What was written while the server could not be reached: kept here until it has it, each thing once.
import {api} from '@/api/client';
import {Problem} from '@/api/problem';
import type {paths} from '@/api/schema';

type NoteBody = NonNullable<paths['/api/v1/notes']['post']['requestBody']>['content']['application/json'];
type KeywordBody = NonNullable<paths['/api/v1/keywords']['post']['requestBody']>['content']['application/json'];
export type Letter = {key: string} & ({kind: 'note'; body: NoteBody} | {kind: 'keyword'; body: KeywordBody});

type Send = (letter: Letter) => Promise<unknown>;

export function sendLetter(letter: Letter): Promise<unknown> {
  const params = {header: {'Idempotency-Key': letter.key}};
  return letter.kind === 'note' ? api.POST('/api/v1/notes', {params, body: letter.body}) : api.POST('/api/v1/keywords', {params, body: letter.body});
}

const kAgainMs = 3000;

export class Outbox {
  letters: readonly Letter[];
  private busy = false;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly place: string,
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
    private readonly send: Send,
    private readonly changed: (sent: Letter | null) => void,
    private readonly refused: (error: unknown) => void,
  ) {
    this.letters = this.read();
  }

  private read(): Letter[] {
    try {
      return JSON.parse(this.storage.getItem(this.place) ?? '[]') as Letter[];
    } catch {
      return [];
    }
  }
  private write(letters: readonly Letter[]) {
    this.letters = letters;
    if (letters.length > 0) this.storage.setItem(this.place, JSON.stringify(letters));
    else this.storage.removeItem(this.place);
  }

  put(letter: Letter) {
    this.write([...this.letters, letter]);
    this.changed(null);
    void this.flush();
  }

  /** In their order; what cannot be sent now is tried again by itself. */
  async flush() {
    if (this.busy) return;
    this.busy = true;
    if (this.timer) clearTimeout(this.timer);
    for (let first = this.letters[0]; first; first = this.letters[0]) {
      const letter = first;
      try {
        await this.send(letter);
      } catch (error) {
        if (!(error instanceof Problem) || error.status === 0 || error.status === 401 || error.status === 429 || error.status >= 500) {
          this.timer = setTimeout(() => void this.flush(), kAgainMs);
          break;
        }
        this.refused(error);
      }
      this.write(this.letters.filter((each) => each.key !== letter.key));
      this.changed(letter);
    }
    this.busy = false;
  }
  close() {
    if (this.timer) clearTimeout(this.timer);
  }
}
