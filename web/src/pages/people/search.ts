import type {Person, PersonOverview} from '@/api/records';

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

const levels = ['low', 'moderate', 'elevated', 'high'] as const;

/** By which levels sort; undefined, which a table puts last, where nobody can tell. */
export function levelRank(level: PersonOverview['level'] | undefined): number | undefined {
  return level ? levels.indexOf(level) : undefined;
}
