import {Anchor, Skeleton, Text} from '@mantine/core';
import {queryOptions, useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {api, body} from '@/api/client';
import type {components} from '@/api/schema';

export type Person = components['schemas']['Person'];

export const personQuery = (person: string) => queryOptions({
  queryKey: ['people', person],
  staleTime: 5 * 60_000,
  queryFn: () => body(api.GET('/api/v1/people/{person}', {params: {path: {person}}})),
});

/** By name where the reader may know it, else by pseudonym. */
export function nameOf(person: Pick<Person, 'name' | 'pseudonym'>): string {
  return person.name || person.pseudonym;
}

/** A person's name as a way to their record. */
export function PersonName({person}: {person: string}) {
  const {data, error} = useQuery(personQuery(person));
  if (error) return <Text span c="dimmed">–</Text>;
  if (!data) return <Skeleton component="span" display="inline-block" height={14} width={110} />;
  return <Anchor component={Link} to={`/people/${person}`} fw={600} c="inherit">{nameOf(data)}</Anchor>;
}
