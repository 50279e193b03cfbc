// Mean expressions of each week, from what the sessions of that week kept.
import {mainFace, type Session} from '@/api/records';
import {emotions, type Emotion} from '@/app/theme';
import {dayOf, plusDays} from './days';

export interface EmotionWeeks {
  mondays: string[];
  of: Record<Emotion, number[]>;
}

function mondayOf(day: string): string {
  const weekday = (new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7;
  return plusDays(day, -weekday);
}

/** Weeks without a session are left out; sessions count alike, however long they were. */
export function emotionWeeks(sessions: readonly Session[]): EmotionWeeks {
  const sums = new Map<string, {count: number; p: number[]}>();
  for (const session of sessions) {
    const p = mainFace(session)?.p;
    if (!p) continue;
    const monday = mondayOf(dayOf(session.started));
    const week = sums.get(monday) ?? {count: 0, p: emotions.map(() => 0)};
    week.count += 1;
    week.p = week.p.map((sum, at) => sum + (p[at] ?? 0));
    sums.set(monday, week);
  }
  const weeks = [...sums].sort(([a], [b]) => a.localeCompare(b));
  return {
    mondays: weeks.map(([monday]) => monday),
    of: Object.fromEntries(emotions.map((emotion, at) => [emotion, weeks.map(([, {count, p}]) => (p[at] ?? 0) / count)])) as Record<Emotion, number[]>,
  };
}
