import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Anchor, Group, Stack, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {api, body} from '@/api/client';
import type {Keyword} from '@/api/records';
import {allRows} from '@/api/pages';
import {useAccount} from '@/app/account';
import {dateTime, number} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {Failure} from '@/shared/ui/Failure';

interface Moment {
  keyword: Keyword;
  impact: number | null;
}

/** Every moment of a keyword, the most moving first; each leads to its time in the review. */
export function Moments({word, people, nameOf}: {word: string; people: readonly string[]; nameOf: (person: string) => string}) {
  const {t} = useLingui();
  const {account} = useAccount();
  const {data, error, refetch} = useQuery({
    queryKey: ['moments', word, people],
    queryFn: async (): Promise<Moment[]> => {
      // Researchers may not search in notes, and a search needs two letters: then keywords alone are read.
      if (account.role === 'clinician' && word.length >= 2) {
        const {rows} = await body(api.GET('/api/v1/search', {params: {query: {text: word, limit: 200}}}));
        return rows.flatMap((hit) => (hit.kind === 'keyword' && hit.row.word === word ? [{keyword: hit.row, impact: hit.impact}] : []));
      }
      const all = await allRows<Keyword>(({after}) => body(api.GET('/api/v1/keywords', {params: {query: {limit: 200, after}}})), 4000);
      return all.filter((keyword) => keyword.word === word).map((keyword) => ({keyword, impact: null}));
    },
  });
  const rows = data?.filter(({keyword}) => people.length === 0 || people.includes(keyword.person));
  return (
    <Card title={<Trans>Moments of “{word}”</Trans>} aside={rows && <Text size="sm" c="dimmed"><Plural value={rows.length} one="# moment" other="# moments" /></Text>}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      <Stack component="ul" gap={0} p={0} m={0} mah={420} style={{listStyle: 'none', overflow: 'auto'}} tabIndex={0} aria-label={t`Moments of “${word}”`}>
        {rows?.map(({keyword, impact}) => (
          <Group component="li" key={keyword.id} justify="space-between" py={8} style={{borderTop: '1px solid var(--py-line)'}}>
            <Text size="sm" fw={600}>{nameOf(keyword.person)}</Text>
            <Text size="sm" c="dimmed" flex={1}>{dateTime(keyword.from)}</Text>
            <Text size="sm" className="py-number">{impact === null ? '' : <Trans>impact {number(impact, 3)}</Trans>}</Text>
            <Anchor component={Link} to={`/sessions/${keyword.session}?at=${encodeURIComponent(keyword.from)}`} size="sm"><Trans>Show this moment</Trans></Anchor>
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
