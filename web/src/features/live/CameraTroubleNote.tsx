import {Trans} from '@lingui/react/macro';
import {Alert, Button, Stack, Text} from '@mantine/core';
import {IconCameraOff} from '@tabler/icons-react';
import type {CameraTrouble} from './camera';

/** Why there is no picture, and what to do about it. */
export function CameraTroubleNote({trouble, retry}: {trouble: CameraTrouble; retry: () => void}) {
  const text = {
    refused: <Trans>This browser does not let this site use the camera. Allow it by the camera or lock sign beside the address, then try again.</Trans>,
    none: <Trans>No camera was found. Connect one, then try again.</Trans>,
    busy: <Trans>The camera cannot be opened. Another program may be using it: close that, then try again.</Trans>,
    unsupported: <Trans>This browser cannot use a camera here. Open this site by its https address in a current browser.</Trans>,
  }[trouble];
  return (
    <Alert color="ember" variant="light" icon={<IconCameraOff aria-hidden />} title={<Trans>No picture</Trans>} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{text}</Text>
        <Button size="compact-sm" variant="default" onClick={retry}><Trans>Try again</Trans></Button>
      </Stack>
    </Alert>
  );
}
