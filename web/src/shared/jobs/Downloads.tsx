import {Trans} from '@lingui/react/macro';
import {Anchor, Group, Stack, Text} from '@mantine/core';
import {IconDownload} from '@tabler/icons-react';
import {bytes} from '@/shared/format';
import {resultAddress, type Job} from './jobs';

/** Every file that came of a job, to be saved. */
export function Downloads({job}: {job: Job}) {
  const files = job.result?.files ?? [];
  if (files.length === 0) return <Text size="sm" c="dimmed"><Trans>No files came of it.</Trans></Text>;
  return (
    <Stack gap={6} component="ul" m={0} p={0} style={{listStyle: 'none'}}>
      {files.map((file) => (
        <Group key={file.name} component="li" gap="xs" wrap="nowrap" justify="space-between">
          <Anchor href={resultAddress(job.id, file.name)} download={file.name} size="sm" style={{overflowWrap: 'anywhere'}}>
            <Group gap={6} wrap="nowrap"><IconDownload size={16} aria-hidden style={{flexShrink: 0}} />{file.name}</Group>
          </Anchor>
          <Text size="xs" c="dimmed" className="py-number" style={{whiteSpace: 'nowrap'}}>{bytes(file.bytes)}</Text>
        </Group>
      ))}
    </Stack>
  );
}
