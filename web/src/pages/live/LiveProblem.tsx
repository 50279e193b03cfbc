import {Trans} from '@lingui/react/macro';
import {Alert, Button, Group, Stack, Text} from '@mantine/core';
import {IconHandStop} from '@tabler/icons-react';
import {useQueryClient} from '@tanstack/react-query';
import {api} from '@/api/client';
import type {components} from '@/api/schema';
import type {EndReason} from '@/features/live/protocol';
import {tellFailure} from '@/shared/ui/toasts';
import {sessionQuery} from '@/api/records';

/** The recording has ended without anybody here ending it: why, and what can be done. */
export function LiveProblem({reason, session}: {reason: EndReason; session: components['schemas']['Session']}) {
  const queryClient = useQueryClient();
  const close = async () => {
    try {
      await api.POST('/api/v1/sessions/{session}/end', {params: {path: {session: session.id}}});
    } catch (error) {
      tellFailure(error);
    }
    await queryClient.invalidateQueries({queryKey: sessionQuery(session.id).queryKey});
  };
  const texts: Record<string, React.ReactNode> = {
    'consent-withdrawn': <Trans>The person has withdrawn their consent. The camera is off, and nothing more is measured.</Trans>,
    ended: <Trans>Somebody has ended this session.</Trans>,
    'camera-ended': <Trans>The camera's video has come to its end.</Trans>,
    'camera-removed': <Trans>An administrator has removed the camera.</Trans>,
    'camera-lost': <Trans>The camera has been away for ten minutes.</Trans>,
  };
  return (
    <Alert color="red" variant="light" icon={<IconHandStop aria-hidden />} mb="md" role="alert" title={<Trans>The recording has stopped</Trans>}>
      <Stack gap="xs">
        <Text size="sm">{texts[reason] ?? <Trans>This session may not go on ({reason}).</Trans>}</Text>
        <Group><Button size="compact-sm" variant="default" onClick={() => void close()}><Trans>Close the session</Trans></Button></Group>
      </Stack>
    </Alert>
  );
}
