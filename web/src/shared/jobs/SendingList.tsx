import {Trans, useLingui} from '@lingui/react/macro';
import {Button, Group, Progress, Stack, Text} from '@mantine/core';
import {percent} from '@/shared/format';
import {describe} from '@/shared/ui/problemText';
import type {Sending} from './useSending';

/** How far each file is on its way; what failed can be tried again. */
export function SendingList({items, busy, onAgain, onStop}: {items: readonly Sending[]; busy: boolean; onAgain: () => void; onStop: () => void}) {
  const {t} = useLingui();
  const words: Record<Sending['state'], string> = {
    waiting: t`Waits`, packing: t`Being packed`, sending: t`Being sent`, 'no-network': t`No network: goes on by itself`, starting: t`Being started`, started: t`Started`, failed: t`Failed`,
  };
  const stopped = !busy && items.some(({state}) => state === 'failed' || state === 'waiting');
  return (
    <Stack gap="sm" role="status" aria-label={t`Files on their way`}>
      {items.map((item) => (
        <Stack key={item.part.kind + item.part.name} gap={4}>
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm" truncate>{item.part.name}{item.part.files.length > 1 && <> <Trans>(and {item.part.files.length - 1} more)</Trans></>}</Text>
            <Text size="sm" c={item.state === 'failed' ? 'red' : 'dimmed'} className="py-number" style={{whiteSpace: 'nowrap'}}>
              {words[item.state]}{item.state === 'sending' || item.state === 'packing' ? ` ${percent(item.share)}` : ''}
            </Text>
          </Group>
          {item.state !== 'started' && <Progress value={item.share * 100} size="sm" color={item.state === 'failed' ? 'red' : undefined} aria-label={t`Sent of ${item.part.name}`} />}
          {item.error !== null && <Text size="xs" c="red">{describe(item.error)}</Text>}
        </Stack>
      ))}
      <Group gap="xs">
        {busy && <Button size="xs" variant="default" onClick={onStop}><Trans>Stop</Trans></Button>}
        {stopped && <Button size="xs" onClick={onAgain}><Trans>Go on</Trans></Button>}
      </Group>
    </Stack>
  );
}
