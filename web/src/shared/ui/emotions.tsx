// Names, colours and bars of the seven expressions.
import {useLingui} from '@lingui/react/macro';
import {Box, Group, Stack, Text, useComputedColorScheme} from '@mantine/core';
import {emotionColours, emotions, type Emotion} from '@/app/theme';
import {percent} from '@/shared/format';

export function useEmotionNames(): Record<Emotion, string> {
  const {t} = useLingui();
  return {angry: t`Angry`, disgust: t`Disgust`, fear: t`Fear`, happy: t`Happy`, sad: t`Sad`, surprise: t`Surprise`, neutral: t`Neutral`};
}

export function useEmotionColours(): Record<Emotion, string> {
  const scheme = useComputedColorScheme('light');
  return Object.fromEntries(emotions.map((each) => [each, emotionColours[each][scheme]])) as Record<Emotion, string>;
}

/** Seven bars. `p` in the order of the classes, sum 1; null: nothing was seen. */
export function EmotionBars({p}: {p: readonly (number | null)[] | null}) {
  const names = useEmotionNames();
  const colours = useEmotionColours();
  const {t} = useLingui();
  return (
    <Stack gap={6} role="group" aria-label={t`Expression probabilities`}>
      {emotions.map((each, at) => {
        const share = p?.[at] ?? 0;
        return (
          <Group key={each} gap="xs" wrap="nowrap">
            <Text size="sm" w={76} style={{flexShrink: 0}}>{names[each]}</Text>
            <Box flex={1} h={10} style={{background: 'var(--py-line)', borderRadius: 5, overflow: 'hidden'}} aria-hidden>
              <Box h="100%" style={{background: colours[each], width: '100%', transformOrigin: 'var(--py-start)', transform: `scaleX(${share})`}} />
            </Box>
            <Text size="sm" w={44} ta="end" className="py-number">{p ? percent(share) : '–'}</Text>
          </Group>
        );
      })}
    </Stack>
  );
}
