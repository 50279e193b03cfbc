import type {Account, Site} from '@/app/account';

type Role = Account['role'];
type Mode = Site['mode'];
export interface Place {
  roles: readonly Role[];
  /** Only where the site's mode lets the role see anything of people. */
  people?: boolean;
  /** Not where the site computes no expressions. */
  expressions?: boolean;
}

/** docs/access.md in short. */
const seesPeople: Record<Role, readonly Mode[]> = {
  administrator: ['personal', 'clinical', 'research', 'fatigue_and_surveys'],
  clinician: ['clinical', 'fatigue_and_surveys'],
  researcher: ['research'],
  organisation_lead: ['clinical', 'research', 'fatigue_and_surveys'],
  participant: ['personal', 'clinical', 'research', 'fatigue_and_surveys'],
  device: [],
};

/** Whether a place stands in this role's navigation; the server decides what is really allowed. */
export function shows(place: Place, role: Role, mode: Mode): boolean {
  return place.roles.includes(role) && (!place.people || seesPeople[role].includes(mode)) && !(place.expressions && mode === 'fatigue_and_surveys');
}
