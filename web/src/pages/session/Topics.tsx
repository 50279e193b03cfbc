import {Plural, Trans} from '@lingui/react/macro';
import {Box, Group, Stack, Text, UnstyledButton} from '@mantine/core';
import {IconTag} from '@tabler/icons-react';
import {emotions} from '@/app/theme';
import {duration, number, percent} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {useEmotionNames} from '@/shared/ui/emotions';
import type {Topic} from './topics';

/** Keywords, the most moving first; a click shows the moment. */
export function Topics({topics, onShow}: {topics: readonly Topic[]; onShow: (topic: Topic) => void}) {
  const names = useEmotionNames();
  const most = Math.max(1e-9, ...topics.map(({impact}) => impact ?? 0));
  return (
    <Card title={<Trans>Topics by impact</Trans>} lead={topics.length > 0 && <Trans>How far the score was from the session's mean while a keyword held.</Trans>}>
      {topics.length === 0 ? (
        <EmptyState icon={IconTag} title={<Trans>No keywords yet</Trans>}><Trans>Draw a stretch under the overview and name it. Topics are ranked here by what they did to the score.</Trans></EmptyState>
      ) : (
        <Stack component="ol" gap={2} p={0} m={0} style={{listStyle: 'none'}}>
          {topics.map((topic) => {
            const top = topic.p ? emotions.map((emotion, at) => ({emotion, share: topic.p?.[at] ?? 0})).sort((a, b) => b.share - a.share)[0] : undefined;
            return (
              <li key={topic.word}>
                <UnstyledButton w="100%" py={6} px={6} style={{borderRadius: 6}} onClick={() => onShow(topic)}>
                  <Group justify="space-between" wrap="nowrap" gap="xs">
                    <Text size="sm" fw={600} truncate>{topic.word}</Text>
                    <Text size="sm" className="py-number">{topic.impact === null ? '–' : number(topic.impact, 3)}</Text>
                  </Group>
                  <Box h={6} my={3} style={{background: 'var(--py-line)', borderRadius: 3, overflow: 'hidden'}} aria-hidden><Box h="100%" w={`${((topic.impact ?? 0) / most) * 100}%`} style={{background: 'var(--mantine-primary-color-filled)'}} /></Box>
                  <Text size="xs" c="dimmed">
                    <Plural value={topic.times} one="once" other="# times" />, {duration(topic.seconds)}
                    {topic.shift !== null && <> · {topic.shift > 0 ? <Trans>more strain</Trans> : <Trans>less strain</Trans>}</>}
                    {top && <> · {names[top.emotion]} {percent(top.share)}</>}
                  </Text>
                </UnstyledButton>
              </li>
            );
          })}
        </Stack>
      )}
    </Card>
  );
}
