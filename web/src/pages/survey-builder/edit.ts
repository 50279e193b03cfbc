// What happens to a definition when somebody edits it. Whether it is good, the server says.
import type {Draft, DraftScale} from './queries';

export const kMostItems = 200;

const numbers = (draft: Draft) => Array.from({length: draft.items}, (_, at) => at + 1);
const perLanguage = (draft: Draft, change: (texts: string[]) => string[]): Draft['wording'] =>
  draft.wording && Object.fromEntries(Object.entries(draft.wording).map(([language, wording]) => [language, {...wording, items: change(wording.items)}]));

/** Every list of item numbers, each number turned into another one or, by null, taken out. */
function renumbered(draft: Draft, to: (item: number) => number | null): Pick<Draft, 'reverse' | 'scales'> {
  const of = (items: readonly number[]) => items.map(to).filter((item) => item !== null).sort((a, b) => a - b);
  return {
    reverse: of(draft.reverse),
    scales: draft.scales.map((scale) => {
      const items = of(scale.items);
      return {...scale, items, minimum_answered: Math.max(1, Math.min(scale.minimum_answered, items.length))};
    }),
  };
}

/** At the end; a scale of all questions takes it in. */
export function withItem(draft: Draft): Draft {
  const item = draft.items + 1;
  return {
    ...draft,
    items: item,
    scales: draft.scales.map((scale) => (scale.items.length === draft.items
      ? {...scale, items: [...scale.items, item], minimum_answered: scale.minimum_answered + Number(scale.minimum_answered === draft.items)} : scale)),
    ...(draft.wording ? {wording: perLanguage(draft, (texts) => [...texts, ''])} : {}),
  };
}

export function withoutItem(draft: Draft, gone: number): Draft {
  return {
    ...draft,
    items: draft.items - 1,
    ...renumbered(draft, (item) => (item === gone ? null : item > gone ? item - 1 : item)),
    ...(draft.wording ? {wording: perLanguage(draft, (texts) => texts.filter((_, at) => at !== gone - 1))} : {}),
  };
}

/** Changes places with its neighbour, and takes along what was said of it. */
export function withItemMoved(draft: Draft, item: number, by: 1 | -1): Draft {
  const other = item + by;
  if (other < 1 || other > draft.items) return draft;
  return {
    ...draft,
    ...renumbered(draft, (each) => (each === item ? other : each === other ? item : each)),
    ...(draft.wording ? {wording: perLanguage(draft, (texts) => texts.map((text, at) => (at === item - 1 ? texts[other - 1]! : at === other - 1 ? texts[item - 1]! : text)))} : {}),
  };
}

/** What the ends of the answers stand for, as a sentence; it follows the labels until somebody writes another one. */
const codingOf = (min: number, labels: readonly string[]) => (labels[0] && labels.at(-1) ? `${min} = ${labels[0]}, ${min + labels.length - 1} = ${labels.at(-1)}` : '');
const firstLabels = (draft: Draft) => Object.values(draft.wording ?? {})[0]?.answers ?? [];

function withCoding(before: Draft, after: Draft): Draft {
  const {coding} = before.answers;
  if (coding !== '' && coding !== codingOf(before.answers.min, firstLabels(before))) return after;
  return {...after, answers: {...after.answers, coding: codingOf(after.answers.min, firstLabels(after))}};
}

/** As many answers from `min` on; labels that there are stay where they stand. */
export function withAnswers(draft: Draft, min: number, count: number): Draft {
  const wording = draft.wording && Object.fromEntries(Object.entries(draft.wording).map(([language, each]) => [language, {...each, answers: Array.from({length: count}, (_, at) => each.answers[at] ?? '')}]));
  return settled(withCoding(draft, {...draft, answers: {...draft.answers, min, max: min + count - 1}, ...(wording ? {wording} : {})}));
}

type Wording = NonNullable<Draft['wording']>[string];

export function withWording(draft: Draft, language: string, change: Partial<Wording>): Draft {
  const before = draft.wording?.[language] ?? {items: numbers(draft).map(() => ''), answers: Array.from({length: draft.answers.max - draft.answers.min + 1}, () => '')};
  const wording = {...before, ...change};
  if (!wording.instruction) delete wording.instruction;
  return withCoding(draft, {...draft, wording: {...draft.wording, [language]: wording}});
}

export function withoutLanguage(draft: Draft, language: string): Draft {
  const wording = Object.fromEntries(Object.entries(draft.wording ?? {}).filter(([each]) => each !== language));
  const {wording: _, ...rest} = draft;
  return Object.keys(wording).length > 0 ? {...rest, wording} : rest;
}

/** Between which scores a scale lies. */
export function rangeOf(draft: Draft, scale: DraftScale): [number, number] {
  if (scale.score === 'percent') return [0, 100];
  const times = scale.score === 'sum' ? scale.items.length : 1;
  return [draft.answers.min * times, draft.answers.max * times];
}

/** The first level begins where the scale does, whatever has changed. */
export function settled(draft: Draft): Draft {
  return {
    ...draft,
    scales: draft.scales.map((scale) => {
      if (!('bands' in scale.cutoffs) || scale.cutoffs.bands.length === 0) return scale;
      const [least] = rangeOf(draft, scale);
      const [first, ...others] = scale.cutoffs.bands;
      return {...scale, cutoffs: {...scale.cutoffs, bands: [{...first!, from: least}, ...others]}};
    }),
  };
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** "Sleep of the ward" → "own-sleep-of-the-ward": what answers, exports and figures name it by. */
export const surveyName = (title: string) => `own-${plain(title).replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 50).replace(/-$/, '')}`;

/** As the definition's schema has it: letters and strokes, none twice. */
export function scaleName(title: string, taken: readonly string[]): string {
  const name = plain(title).replace(/[^a-z]+/g, '_').replace(/^_|_$/g, '').slice(0, 40) || 'scale';
  for (let tail = ''; ; tail += '_x') if (!taken.includes(name + tail)) return name + tail;
}

export function withScale(draft: Draft, none: string): Draft {
  const free = numbers(draft).filter((item) => !draft.scales.some((scale) => scale.items.includes(item)));
  return {...draft, scales: [...draft.scales, {
    id: scaleName('', draft.scales.map(({id}) => id)), title: '', kind: 'subscale', items: free, score: 'mean', minimum_answered: Math.max(1, free.length),
    higher_means: 'more strain', cutoffs: {none},
  }]};
}

/** `change` to the scale at `at`; its short name follows its title until it has another one. */
export function withScaleChanged(draft: Draft, at: number, change: Partial<DraftScale>): Draft {
  const taken = draft.scales.filter((_, other) => other !== at).map(({id}) => id);
  return settled({...draft, scales: draft.scales.map((scale, each) => {
    if (each !== at) return scale;
    const follows = change.title !== undefined && scale.id === scaleName(scale.title, taken);
    return {...scale, ...change, ...(follows ? {id: scaleName(change.title!, taken)} : {})};
  })});
}
