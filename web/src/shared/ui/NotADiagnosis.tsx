import {Trans} from '@lingui/react/macro';
import {Text} from '@mantine/core';

/** Stands wherever a score does. */
export function NotADiagnosis({model}: {model?: string | null | undefined}) {
  return (
    <Text size="xs" c="dimmed">
      <Trans>Not a diagnosis: it measures what a face expresses. Light, angle and who was in the training data change the numbers.</Trans>
      {model && <> <Trans>Model: {model}.</Trans></>}
    </Text>
  );
}
