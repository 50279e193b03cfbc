import {Anchor, Skeleton, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {personQuery, type Person} from '@/api/records';

/** By name where the reader may know it, else by pseudonym. */
export function nameOf(person: Pick<Person, 'name' | 'pseudonym'>): string {
  return person.name || person.pseudonym;
}

/** A person's name as a way to their record. */
export function PersonName({person}: {person: string}) {
  const {data, error} = useQuery({...personQuery(person), staleTime: 5 * 60_000});
  if (error) return <Text span c="dimmed">–</Text>;
  if (!data) return <Skeleton component="span" display="inline-block" height={14} width={110} />;
  return <Anchor component={Link} to={`/people/${person}`} fw={600} c="inherit">{nameOf(data)}</Anchor>;
}
