// What is drawn on the map: its own faces, those of a data set, and such as were placed just now.
import type {components} from '@/api/schema';
import type {Emotion} from '@/app/theme';

export type ExpressionMap = components['schemas']['ExpressionMap'];
export type Prediction = components['schemas']['Prediction'];
export type Face = Prediction['faces'][number];

export interface SetPoint {
  x: number;
  y: number;
  /** Of the site's data set; null for an upload. */
  item: string | null;
  name: string;
  label: Emotion | null;
  predicted: Emotion | null;
}

export const readPoints = (text: string) => (JSON.parse(text) as {points: SetPoint[]}).points;

/** How far the points reach, with room around them: the same whatever is shown. */
export function extent(map: ExpressionMap): {x: [number, number]; y: [number, number]} {
  const of = (values: number[]): [number, number] => {
    const low = Math.min(...values), high = Math.max(...values), room = (high - low) * 0.05 || 1;
    return [Math.floor(low - room), Math.ceil(high + room)];
  };
  const points = [...map.points, ...Object.values(map.centres)];
  return points.length === 0 ? {x: [0, 1], y: [0, 1]} : {x: of(points.map(({x}) => x)), y: of(points.map(({y}) => y))};
}

/** How many points of each label, and how many of them the model says otherwise. */
export function tally(points: readonly SetPoint[]): {label: Emotion | null; count: number; otherwise: number}[] {
  const by = new Map<Emotion | null, {count: number; otherwise: number}>();
  for (const {label, predicted} of points) {
    const one = by.get(label) ?? {count: 0, otherwise: 0};
    one.count += 1;
    if (label !== null && predicted !== label) one.otherwise += 1;
    by.set(label, one);
  }
  return [...by].map(([label, one]) => ({label, ...one})).sort((a, b) => b.count - a.count);
}
