import {describe, expect, it} from 'vitest';
import type {Alert, Person} from '@/api/records';
import {levelNow, openAlertsByPerson, search} from './search';

const person = (pseudonym: string, name: string | null, birth_year: number | null) => ({id: pseudonym, pseudonym, name, birth_year}) as Person;

describe('search', () => {
  const people = [person('P-01', 'Ana Núñez', 1980), person('P-02', 'Bo Ek', 1991), person('P-11', null, null)];
  it('finds by any part, without accents and case', () => {
    expect(search(people, 'nunez').map((p) => p.id)).toEqual(['P-01']);
    expect(search(people, 'p-1').map((p) => p.id)).toEqual(['P-11']);
    expect(search(people, '1991 bo').map((p) => p.id)).toEqual(['P-02']);
    expect(search(people, '1991 ana')).toEqual([]);
    expect(search(people, '  ')).toHaveLength(3);
  });
});

it('counts alerts that are not followed up', () => {
  const alert = (person: string, state: Alert['state']) => ({person, state}) as Alert;
  expect(Object.fromEntries(openAlertsByPerson([alert('a', 'new'), alert('a', 'acknowledged'), alert('b', 'followed_up')]))).toEqual({a: 2});
});

it('takes the last week that has a level', () => {
  expect(levelNow([{level: 'high'}, {level: 'low'}, {level: null}])).toBe('low');
  expect(levelNow([{level: null}])).toBeNull();
});
