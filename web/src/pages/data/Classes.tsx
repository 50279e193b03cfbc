import {Trans, useLingui} from '@lingui/react/macro';
import {Box, Group, Skeleton, Stack, Text, UnstyledButton} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {emotions} from '@/app/theme';
import {number} from '@/shared/format';
import {useEmotionColours, useEmotionNames} from '@/shared/ui/emotions';
import {countsQuery, type Filter} from './queries';
import './data.css';

/** How many of each class; choosing one shows its pictures alone. */
export function Classes({dataset, filter, onFilter}: {dataset: string; filter: Filter; onFilter: (filter: Filter) => void}) {
  const {t} = useLingui();
  const names = useEmotionNames(), colours = useEmotionColours();
  const {data} = useQuery(countsQuery(dataset));
  if (!data) return <Skeleton height={220} />;
  const count = (each: Filter) => (each === 'all' ? data.items : each === 'unlabelled' ? data.unlabelled : data.counts[each] ?? 0);
  const most = Math.max(1, data.unlabelled, ...emotions.map(count));
  const entries: Filter[] = ['all', ...emotions, 'unlabelled'];
  const name = (each: Filter) => (each === 'all' ? t`All` : each === 'unlabelled' ? t`No label` : names[each]);
  const filled = emotions.map(count).filter((each) => each > 0);
  return (
    <Stack gap={2} role="group" aria-label={t`Pictures by class`}>
      {entries.map((each) => (
        <UnstyledButton key={each} className="py-class" aria-pressed={filter === each} data-on={filter === each || undefined} onClick={() => onFilter(each)} px="xs" py={5}>
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Text size="sm" truncate>{name(each)}</Text><Text size="sm" className="py-number">{number(count(each))}</Text>
          </Group>
          {each !== 'all' && <Box h={4} mt={3} style={{borderRadius: 2, background: 'var(--py-line)'}} aria-hidden><Box h="100%" style={{width: `${(count(each) / most) * 100}%`, borderRadius: 2, background: each === 'unlabelled' ? 'var(--py-ink-soft)' : colours[each]}} /></Box>}
        </UnstyledButton>
      ))}
      {filled.length > 1 && Math.max(...filled) > 10 * Math.min(...filled) && <Text size="xs" c="dimmed" px="xs" pt={4}><Trans>Very unequal: rare classes will be recognised worst.</Trans></Text>}
    </Stack>
  );
}
