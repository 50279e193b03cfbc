import type {Alert, Person} from '@/api/records';

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Every word of the text stands in the name, the pseudonym or the year of birth; accents and case do not matter. */
export function search(people: readonly Person[], text: string): Person[] {
  const words = plain(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...people];
  return people.filter((person) => {
    const whole = plain(`${person.name ?? ''} ${person.pseudonym} ${person.birth_year ?? ''}`);
    return words.every((word) => whole.includes(word));
  });
}

/** How many alerts of each person nobody has looked at, or followed up. */
export function openAlertsByPerson(alerts: readonly Alert[]): Map<string, number> {
  const open = new Map<string, number>();
  for (const alert of alerts) {
    if (alert.state !== 'followed_up') open.set(alert.person, (open.get(alert.person) ?? 0) + 1);
  }
  return open;
}

/** The risk of the last week that has one. */
export function levelNow<Level>(weeks: readonly {level: Level | null}[]): Level | null {
  for (let at = weeks.length - 1; at >= 0; --at) {
    const level = weeks[at]?.level;
    if (level) return level;
  }
  return null;
}
