// How far a check-in is, kept so that a reload goes on with it.

export type Step = 'consent' | 'camera' | 'stopped' | 'questions' | 'result';

export interface Progress {
  step: Step;
  session: string | null;
  answers: (number | null)[];
  response: string | null;
}

export const fresh: Progress = {step: 'consent', session: null, answers: [], response: null};

const key = (person: string) => `pyrometer.check-in.${person}`;
const kSteps: readonly string[] = ['consent', 'camera', 'stopped', 'questions', 'result'] satisfies Step[];

export function readProgress(person: string, storage: Pick<Storage, 'getItem'> = sessionStorage): Progress {
  try {
    const told = JSON.parse(storage.getItem(key(person)) ?? 'null') as Partial<Progress> | null;
    if (!told || !kSteps.includes(told.step ?? '')) return fresh;
    // What belongs to a session is nothing without it.
    if ((told.step === 'camera' || told.step === 'stopped') && !told.session) return fresh;
    return {step: told.step ?? 'consent', session: told.session ?? null, answers: Array.isArray(told.answers) ? told.answers : [], response: told.response ?? null};
  } catch {
    return fresh;
  }
}

export function keepProgress(person: string, progress: Progress, storage: Pick<Storage, 'setItem' | 'removeItem'> = sessionStorage) {
  if (progress === fresh) storage.removeItem(key(person));
  else storage.setItem(key(person), JSON.stringify(progress));
}
