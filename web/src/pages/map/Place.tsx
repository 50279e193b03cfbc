import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Box, Button, Group, Stack, Text} from '@mantine/core';
import {useEffect, useRef, useState} from 'react';
import {api, body} from '@/api/client';
import {DropZone} from '@/shared/jobs/DropZone';
import {describe} from '@/shared/ui/problemText';
import type {Face, Prediction} from './points';

const kMostSide = 960;

/** As JPEG of a size that the server takes, whatever it was. */
async function jpeg(source: CanvasImageSource, width: number, height: number): Promise<Blob | null> {
  const scale = Math.min(1, kMostSide / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext('2d')?.drawImage(source, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
}

async function placeOf(picture: Blob): Promise<Prediction> {
  return body(api.POST('/api/v1/map/places', {body: picture as unknown as string, bodySerializer: (sent: unknown) => sent as Blob, headers: {'Content-Type': 'image/jpeg'}}));
}

/** A face from here, by file or by camera: where it lies. Nothing of it is kept. */
export function Place({onPlaced}: {onPlaced: (faces: Face[]) => void}) {
  const {t} = useLingui();
  const video = useRef<HTMLVideoElement>(null);
  const [live, setLive] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [said, setSaid] = useState<string | null>(null);
  const take = (prediction: Prediction) => {
    const faces = prediction.faces.filter(({place}) => place);
    setError(null);
    setSaid(faces.length === 0 ? t`No face could be read: more light, closer, turned to the camera.` : null);
    onPlaced(faces);
  };
  const file = async (files: {file: File}[]) => {
    const first = files[0];
    if (!first) return;
    try {
      const picture = await createImageBitmap(first.file);
      const sent = await jpeg(picture, picture.width, picture.height);
      if (sent) take(await placeOf(sent));
    } catch (problem) {
      setError(problem);
    }
  };
  useEffect(() => {
    if (!live) return undefined;
    let over = false;
    let stream: MediaStream | null = null;
    const run = async () => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({video: {width: 640}, audio: false});
        const element = video.current;
        if (!element || over) return stream.getTracks().forEach((track) => track.stop());
        element.srcObject = stream;
        await element.play();
        // One after the other: the next when the answer is there.
        while (!over) {
          const sent = await jpeg(element, element.videoWidth, element.videoHeight);
          if (sent && !over) {
            const prediction = await placeOf(sent);
            if (!over) take(prediction);
          }
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }
      } catch (problem) {
        if (!over) { setError(problem); setLive(false); }
      }
    };
    void run();
    return () => { over = true; stream?.getTracks().forEach((track) => track.stop()); };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- begun and ended by `live` alone
  }, [live]);
  const denied = error instanceof DOMException;
  return (
    <Stack gap="sm">
      <DropZone accept="image/*" onFiles={(files) => void file(files)}><Trans>Drag a picture of a face here, to see where the model puts it. It is not kept.</Trans></DropZone>
      {live && <Box component="video" ref={video} muted playsInline w="100%" style={{borderRadius: 8, background: '#000', transform: 'scaleX(-1)'}} aria-label={t`Your camera`} />}
      <Group>
        <Button size="xs" variant="default" onClick={() => { setLive(!live); if (live) onPlaced([]); }}>{live ? <Trans>Stop the camera</Trans> : <Trans>Use the camera</Trans>}</Button>
      </Group>
      <Box aria-live="polite">{said && <Text size="sm" c="dimmed">{said}</Text>}</Box>
      {error !== null && <Alert color="red" variant="light" role="alert">{denied ? <Trans>The camera or the picture cannot be opened. Allow the camera in the browser, or choose a JPEG or PNG.</Trans> : describe(error)}</Alert>}
    </Stack>
  );
}
