import {describe, expect, it} from 'vitest';
import type {Person} from '@/api/records';
import {levelRank, search} from './search';

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

it('ranks levels by strain, and leaves out who has none', () => {
  expect((['high', 'low', 'elevated', 'moderate'] as const).toSorted((a, b) => levelRank(a)! - levelRank(b)!)).toEqual(['low', 'moderate', 'elevated', 'high']);
  expect(levelRank(null)).toBeUndefined();
  expect(levelRank(undefined)).toBeUndefined();
});
