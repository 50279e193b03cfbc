// What the clinician's cards read out of sessions and trends.
import type {PersonOverview} from '@/api/records';
import type {components} from '@/api/schema';

type Session = components['schemas']['Session'];

export function isToday(at: string, now = new Date()): boolean {
  return new Date(at).toDateString() === now.toDateString();
}

/** Of the face that was seen most. */
export function mainFace(session: Pick<Session, 'summary'>) {
  return (session.summary?.people ?? []).reduce<components['schemas']['FaceSummary'] | null>((most, each) => (most && most.valid_frames >= each.valid_frames ? most : each), null);
}

const order = ['low', 'moderate', 'elevated', 'high'] as const;
export type Turn = 'worse' | 'better' | null;

/** Whether a person's newest weeks went another way: another level than the rated week before, or a change point within four weeks. */
export function turnOf({level, level_before, change}: Pick<PersonOverview, 'level' | 'level_before' | 'change'>, now = Date.now()): Turn {
  if (level && level_before && level !== level_before) return order.indexOf(level) > order.indexOf(level_before) ? 'worse' : 'better';
  return change && now - Date.parse(change.day) < 28 * 86_400_000 ? change.change : null;
}

/** Of those with a session lately, whose weeks turned; for the worse first. */
export function turned(overviews: readonly PersonOverview[], since: number, now = Date.now()): {overview: PersonOverview; turn: 'worse' | 'better'}[] {
  return overviews.flatMap((overview) => {
    const turn = overview.last_session && Date.parse(overview.last_session) >= since ? turnOf(overview, now) : null;
    return turn ? [{overview, turn}] : [];
  }).sort((a, b) => Number(a.turn === 'better') - Number(b.turn === 'better'));
}

/** Those that nobody has seen first, the higher level first, else as they came. */
export function byUrgency<Alert extends Pick<components['schemas']['Alert'], 'state' | 'level'>>(alerts: readonly Alert[]): Alert[] {
  const levels = ['none', ...order] as const;
  return alerts.toSorted((a, b) => Number(b.state === 'new') - Number(a.state === 'new') || levels.indexOf(b.level) - levels.indexOf(a.level));
}
