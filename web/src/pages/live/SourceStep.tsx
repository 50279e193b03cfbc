import {Trans, useLingui} from '@lingui/react/macro';
import {Center, Loader, SegmentedControl, Select, Stack, Switch, Text} from '@mantine/core';
import {useMediaQuery} from '@mantine/hooks';
import {useQuery} from '@tanstack/react-query';
import {useEffect, useRef} from 'react';
import {api, body} from '@/api/client';
import {CameraTroubleNote} from '@/features/live/CameraTroubleNote';
import type {CameraState} from '@/features/live/camera';
import classes from '@/features/live/live.module.css';
import type {Source} from './source';

interface Props {
  source: Source;
  onSource: (source: Source) => void;
  camera: CameraState;
  serverCamera: string | null;
  onServerCamera: (camera: string | null) => void;
  finer: boolean;
  onFiner: (finer: boolean) => void;
}

/** Whose camera looks: this computer's (with a preview), one of the server's, or a device that sends figures. */
export function SourceStep({source, onSource, camera, serverCamera, onServerCamera, finer, onFiner}: Props) {
  const {t} = useLingui();
  const wide = useMediaQuery('(min-width: 36em)', true);
  return (
    <Stack gap="sm">
      <SegmentedControl fullWidth orientation={wide ? 'horizontal' : 'vertical'} value={source} onChange={(value) => onSource(value as Source)} aria-label={t`Source`}
        data={[{value: 'browser', label: t`This device's camera`}, {value: 'server', label: t`Camera of the server`}, {value: 'device', label: t`Edge device`}]} />
      {source === 'browser' && <BrowserCamera camera={camera} finer={finer} onFiner={onFiner} />}
      {source === 'server' && <ServerCamera value={serverCamera} onChange={onServerCamera} />}
      {source === 'device' && (
        <Text size="sm" c="dimmed"><Trans>A small device beside the camera analyses by itself and sends figures, never pictures. Begin here, then give the device the number of the session that is shown; an administrator makes the device's token.</Trans></Text>
      )}
    </Stack>
  );
}

function BrowserCamera({camera, finer, onFiner}: {camera: CameraState; finer: boolean; onFiner: (finer: boolean) => void}) {
  const {t} = useLingui();
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = camera.stream;
  }, [camera.stream]);
  if (camera.trouble) return <CameraTroubleNote trouble={camera.trouble} retry={camera.retry} />;
  return (
    <>
      <div className={classes.picture} style={{aspectRatio: '4 / 3'}}>
        <video ref={video} autoPlay playsInline muted className={classes.video} aria-label={t`Preview of the camera`} />
        {!camera.stream && <Center h="100%"><Loader color="gray" aria-label={t`The camera is being opened`} /></Center>}
      </div>
      {camera.devices.length > 1 && (
        <Select label={<Trans>Camera</Trans>} value={camera.device} onChange={(value) => value && camera.choose(value)} allowDeselect={false}
          data={camera.devices.map((each, at) => ({value: each.deviceId, label: each.label || t`Camera ${at + 1}`}))} />
      )}
      <Switch checked={finer} onChange={(e) => onFiner(e.currentTarget.checked)} label={<Trans>Finer picture</Trans>} description={<Trans>For several people, or somebody who sits further away. Takes more of the server.</Trans>} />
    </>
  );
}

function ServerCamera({value, onChange}: {value: string | null; onChange: (camera: string | null) => void}) {
  const cameras = useQuery({queryKey: ['cameras'], queryFn: () => body(api.GET('/api/v1/cameras', {params: {query: {limit: 200}}}))});
  const rows = cameras.data?.rows ?? [];
  if (cameras.data && rows.length === 0) return <Text size="sm" c="dimmed"><Trans>No camera is registered on this server. An administrator adds one under Administration, from those that the server's settings allow.</Trans></Text>;
  return <Select label={<Trans>Camera</Trans>} value={value} onChange={onChange} data={rows.map((each) => ({value: each.id, label: each.name}))} disabled={cameras.isPending} />;
}
