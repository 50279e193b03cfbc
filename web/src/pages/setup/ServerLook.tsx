import {Plural, Trans, useLingui} from '@lingui/react/macro';
import {Button, Stack, Text} from '@mantine/core';
import {IconEye} from '@tabler/icons-react';
import {useMutation} from '@tanstack/react-query';
import type {RefObject} from 'react';
import {api, body} from '@/api/client';
import {tellFailure} from '@/shared/ui/toasts';
import type {CameraCheck} from './faces';

/** One picture of what is shown now. */
function pictureOf(video: HTMLVideoElement): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be made'))), 'image/jpeg', 0.9));
}

/** Sends one picture to the server and tells how well it can read the faces on it. */
export function ServerLook({video, onSeen}: {video: RefObject<HTMLVideoElement | null>; onSeen: (seen: CameraCheck | null) => void}) {
  const {t} = useLingui();
  const look = useMutation({
    mutationFn: async () => {
      if (!video.current) throw new Error('the camera is off');
      const picture = await pictureOf(video.current);
      return body(api.POST('/api/v1/camera-check', {body: picture as unknown as string, bodySerializer: () => picture, headers: {'Content-Type': picture.type}}));
    },
    onSuccess: onSeen,
    onError: tellFailure,
  });
  const reasons: Record<string, string> = {
    too_small: t`too far away: come closer`, blurred: t`blurred: hold still, or clean the lens`, turned_away: t`turned away: look towards the camera`, too_dark: t`too dark: more light from the front`,
    too_bright: t`too bright: less light from the front`, occluded: t`partly hidden`, outside_frame: t`partly outside the picture`,
  };
  const faces = look.data?.faces ?? [];
  const best = faces[0];
  return (
    <Stack gap={6} align="flex-start">
      <Button variant="default" leftSection={<IconEye size={17} aria-hidden />} loading={look.isPending} onClick={() => look.mutate()}><Trans>What does the server see?</Trans></Button>
      <div role="status">
        {look.data && !best && <Text size="sm"><Trans>The server sees no face on it. Sit so that the whole face is in the picture.</Trans></Text>}
        {best && (
          <Text size="sm">
            <Plural value={faces.length} one="The server sees # face." other="The server sees # faces." />{' '}
            {best.valid ? <Trans>It can be read well.</Trans> : <Trans>It cannot be read well: {reasons[best.reason] ?? best.reason}.</Trans>}
          </Text>
        )}
      </div>
      <Text size="xs" c="dimmed"><Trans>Sends one picture, which is looked at and forgotten at once.</Trans></Text>
    </Stack>
  );
}
