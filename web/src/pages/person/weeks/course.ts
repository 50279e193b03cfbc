// What the chart of weeks draws: points of other clocks laid on one axis of time.
import {mainFace, type Session, type SurveyResponse, type Trend} from '@/api/records';
import {midnight, noon, plusDays} from './days';

export interface Point {
  x: number;
  y: number;
}

export interface Course {
  from: number;
  until: number;
  level: {x: number; level: number; low: number; high: number}[];
  readings: Point[];
  surveys: Point[];
  changes: {x: number; day: string; change: 'none' | 'better' | 'worse'}[];
  /** From where on it is moderate, elevated, high. */
  thresholds: readonly number[];
}

export const sessionPoints = (sessions: readonly Session[]): Point[] => sessions.flatMap((session) => {
  const index = mainFace(session)?.index;
  return session.ended && index !== null && index !== undefined ? [{x: Date.parse(session.started) / 1000, y: index}] : [];
}).sort((a, b) => a.x - b.x);

/** A scale's answers: in per cent of its range (for the axis of the index), or as its score. */
export const surveyPoints = (responses: readonly SurveyResponse[], instrument: string, scale: string, as: 'percent' | 'score'): Point[] => responses.flatMap((response) => {
  if (response.instrument !== instrument) return [];
  const value = response.score.scales.find((each) => each.scale === scale)?.[as];
  return value === null || value === undefined ? [] : [{x: Date.parse(response.taken) / 1000, y: value}];
}).sort((a, b) => a.x - b.x);

const k95 = 1.959964;

export function courseOf(trend: Trend, readings: Point[], surveys: Point[]): Course {
  const firstWeek = trend.weeks[0]?.monday ?? trend.first?.slice(0, 10);
  const lastWeek = trend.weeks.at(-1)?.monday;
  const last = lastWeek ? plusDays(lastWeek, 7) : trend.last?.slice(0, 10);
  const times = [...readings, ...surveys].map(({x}) => x);
  return {
    from: Math.min(firstWeek ? midnight(firstWeek) : Infinity, ...times),
    until: Math.max(last ? midnight(last) : -Infinity, ...times),
    level: 'days' in trend.level ? trend.level.days.map(([day, level, deviation]) => ({x: noon(String(day)), level: Number(level), low: Number(level) - k95 * Number(deviation), high: Number(level) + k95 * Number(deviation)})) : [],
    readings, surveys,
    changes: 'points' in trend.changes ? trend.changes.points.map(({day, change}) => ({x: midnight(day), day, change})) : [],
    thresholds: 'from' in trend.thresholds ? trend.thresholds.from : [],
  };
}

type Column = (number | null)[];

/** One column of times, and on it: the band's upper end, its lower end, level, readings, surveys. */
export function columnsOf(course: Course): [number[], Column, Column, Column, Column, Column] {
  const rows = new Map<number, [number | null, number | null, number | null, number | null, number | null]>();
  const at = (x: number) => {
    const there = rows.get(x);
    if (there) return there;
    const made: [number | null, number | null, number | null, number | null, number | null] = [null, null, null, null, null];
    rows.set(x, made);
    return made;
  };
  at(course.from);
  at(course.until);
  for (const {x, low, high, level} of course.level) {
    const row = at(x);
    [row[0], row[1], row[2]] = [high, low, level];
  }
  for (const {x, y} of course.readings) at(x)[3] = y;
  for (const {x, y} of course.surveys) at(x)[4] = y;
  const sorted = [...rows].sort(([a], [b]) => a - b);
  const column = (which: 0 | 1 | 2 | 3 | 4): Column => sorted.map(([, row]) => row[which]);
  return [sorted.map(([x]) => x), column(0), column(1), column(2), column(3), column(4)];
}
