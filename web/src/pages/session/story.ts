// What explanation.json of a session says, as far as this page shows it; anything else in it is passed over.
export interface StoryStep {
  from: number;
  score: number | null;
  /** Shares of the score by what gave them, the greatest first. */
  parts: {name: string; value: number}[];
}

export interface Story {
  face: number;
  stepS: number;
  session: {name: string; value: number}[];
  steps: StoryStep[];
}

type Loose = Record<string, unknown>;
const loose = (value: unknown): Loose => (typeof value === 'object' && value !== null ? (value as Loose) : {});
const numeric = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

function parts(level: Loose): {name: string; value: number}[] {
  return Object.entries(loose(loose(level.parts).score)).flatMap(([name, value]) => (numeric(value) === null ? [] : [{name, value: Number(value)}])).sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
}

export function storiesOf(json: unknown): Story[] {
  if (!Array.isArray(json)) return [];
  return json.map((each) => {
    const person = loose(each);
    return {
      face: numeric(person.face_id) ?? 0,
      stepS: numeric(person.step_s) ?? 60,
      session: parts(loose(person.session)),
      steps: (Array.isArray(person.steps) ? person.steps : []).map((step) => ({from: numeric(loose(step).from_s) ?? 0, score: numeric(loose(step).score), parts: parts(loose(step))})),
    };
  });
}
