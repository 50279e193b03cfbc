// What the clinician's cards read out of sessions and trends.
import type {components} from '@/api/schema';

type Session = components['schemas']['Session'];
type Trend = components['schemas']['Trend'];
export type Week = Trend['weeks'][number];

export function isToday(at: string, now = new Date()): boolean {
  return new Date(at).toDateString() === now.toDateString();
}

/** Of the face that was seen most. */
export function mainFace(session: Pick<Session, 'summary'>) {
  return (session.summary?.people ?? []).reduce<components['schemas']['FaceSummary'] | null>((most, each) => (most && most.valid_frames >= each.valid_frames ? most : each), null);
}

/** Who had a session lately, the newest first, each once. */
export function peopleOf(sessions: readonly Pick<Session, 'person' | 'started'>[], since: number, most: number): string[] {
  const seen = new Set<string>();
  for (const {person, started} of sessions) {
    if (seen.size >= most) break;
    if (Date.parse(started) >= since) seen.add(person);
  }
  return [...seen];
}

const order = ['low', 'moderate', 'elevated', 'high'] as const;
export type Turn = {how: 'worse' | 'better'; before: Week | null; now: Week} | null;

/** Whether a person's newest weeks went another way: another level than the rated week before, or a change point within four weeks. */
export function turnOf(trend: Pick<Trend, 'weeks' | 'changes' | 'higher'>, now = Date.now()): Turn {
  const rated = trend.weeks.filter((week) => week.level !== null);
  const last = rated.at(-1), before = rated.at(-2);
  if (last?.level && before?.level && last.level !== before.level) {
    return {how: order.indexOf(last.level) > order.indexOf(before.level) ? 'worse' : 'better', before, now: last};
  }
  const newest = trend.weeks.filter((week) => week.value !== null).at(-1);
  if (!newest || 'error' in trend.changes) return null;
  const point = trend.changes.points.filter((each) => each.change !== 'none' && now - Date.parse(each.day) < 28 * 86_400_000).at(-1);
  return point && point.change !== 'none' ? {how: point.change, before: null, now: newest} : null;
}

/** Those that nobody has seen first, the higher level first, else as they came. */
export function byUrgency<Alert extends Pick<components['schemas']['Alert'], 'state' | 'level'>>(alerts: readonly Alert[]): Alert[] {
  const levels = ['none', ...order] as const;
  return alerts.toSorted((a, b) => Number(b.state === 'new') - Number(a.state === 'new') || levels.indexOf(b.level) - levels.indexOf(a.level));
}
