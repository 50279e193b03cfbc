// How far the guided set-up is. What the site itself tells counts for everybody; what was skipped or finished is kept in this browser.
import type {components} from '@/api/schema';
import type {Site} from '@/app/account';
import type {User} from '@/shared/accounts/users';

export const steps = ['site', 'groups', 'people', 'consent', 'camera', 'demo', 'finish'] as const;
export type Step = (typeof steps)[number];

interface Kept {
  /** Steps that were gone through or skipped. */
  seen: Step[];
  finished: boolean;
}

const kKey = 'pyrometer.setup';

export function keptProgress(): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(kKey) ?? '{}') as Partial<Kept>;
    return {seen: (kept.seen ?? []).filter((step) => steps.includes(step)), finished: kept.finished === true};
  } catch {
    return {seen: [], finished: false};
  }
}

export function keepProgress(kept: Kept) {
  localStorage.setItem(kKey, JSON.stringify(kept));
}

interface Told {
  site: Pick<Site, 'version'>;
  users: readonly Pick<User, 'role' | 'simulated'>[];
  organisations: readonly Pick<components['schemas']['Organisation'], 'simulated'>[];
}

/** Steps whose work is done, by what the site tells. */
export function doneBySite({site, users, organisations}: Told): Set<Step> {
  const done = new Set<Step>();
  if (site.version > 1) done.add('site');
  if (organisations.some((each) => !each.simulated)) done.add('groups');
  if (users.some((each) => !each.simulated && each.role !== 'administrator')) done.add('people');
  return done;
}

/** Whether home should still remind: not once it was finished here, nor where the site is plainly in use. */
export function isUnfinished(told: Told, kept: Kept): boolean {
  const done = doneBySite(told);
  return !kept.finished && !(done.has('site') && done.has('people'));
}

/** Where to go on: the first step that is neither done nor gone through. */
export function nextStep(done: ReadonlySet<Step>, seen: readonly Step[]): Step {
  return steps.find((step) => !done.has(step) && !seen.includes(step)) ?? 'finish';
}
