import {Trans} from '@lingui/react/macro';
import {Button, Stack, Text} from '@mantine/core';
import {Card} from '@/shared/ui/Card';

interface Props {
  busy: boolean;
  onKeep: () => void;
  onDiscard: () => void;
}

export function StoppedScreen({busy, onKeep, onDiscard}: Props) {
  return (
    <Card title={<Trans>You stopped the camera</Trans>}>
      <Stack>
        <Text><Trans>It is off. What was measured until now can be kept, or removed for good.</Trans></Text>
        <Button size="md" onClick={onKeep} loading={busy}><Trans>Keep it and go on to the questions</Trans></Button>
        <Button size="md" variant="default" onClick={onDiscard} disabled={busy}><Trans>Remove it</Trans></Button>
      </Stack>
    </Card>
  );
}
