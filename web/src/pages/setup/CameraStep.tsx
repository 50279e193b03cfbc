import {Trans, useLingui} from '@lingui/react/macro';
import {Alert, Button, Group, List, Select, SimpleGrid, Stack, Text} from '@mantine/core';
import {IconCamera, IconCheck} from '@tabler/icons-react';
import {useState, type ReactNode} from 'react';
import {number, percent} from '@/shared/format';
import {placeOf, type CameraCheck} from './faces';
import {ServerLook} from './ServerLook';
import {findingsOf, type Finding} from './picture';
import {useCamera} from './useCamera';
import classes from './setup.module.css';

/** Whether this browser's camera is good enough. The picture stays in the browser. */
export function CameraStep({skip, further}: {skip: ReactNode; further: ReactNode}) {
  const {t} = useLingui();
  const [on, setOn] = useState(false);
  const [seen, setSeen] = useState<CameraCheck | null>(null);
  const [device, setDevice] = useState<string | null>(null);
  const {video, devices, measured, fault} = useCamera(on, device);
  const advice: Record<Finding, string> = {
    dark: t`It is dark. Put a lamp in front of you, or turn to the window.`,
    bright: t`It is too bright. Turn away from the window or the lamp.`,
    flat: t`The picture is pale. Is something over the lens, or a window behind you?`,
    small: t`The picture is small. Choose a camera with 480 lines or more.`,
    slow: t`Few pictures a second. More light, or another camera, helps.`,
  };
  const faults = {
    refused: t`The browser does not allow the camera. Allow it at the lock beside the address, then try again.`,
    none: t`No camera was found. Plug one in, then try again.`,
    busy: t`The camera does not start. Perhaps another program has it: close that, then try again.`,
  };
  const findings = measured && findingsOf(measured, measured.height, measured.fps);
  return (
    <Stack>
      <Text size="sm" c="dimmed"><Trans>A look through this browser's camera, as a person at a check-in would use it. Nothing is kept.</Trans></Text>
      <SimpleGrid cols={{base: 1, sm: 2}} spacing="lg" style={{alignItems: 'start'}}>
        <div className={classes.picture} style={measured ? {aspectRatio: `${measured.width} / ${measured.height}`} : undefined}>
          {on && !fault ? <video ref={video} muted playsInline aria-label={t`What the camera sees`} /> : <IconCamera size={56} stroke={1.2} aria-hidden />}
          {seen?.faces.map((face, at) => <span key={at} className={classes.face} data-valid={face.valid || undefined} style={placeOf(face.box, seen)} />)}
        </div>
        <Stack gap="sm">
          {!on && <Group><Button leftSection={<IconCamera size={17} aria-hidden />} onClick={() => setOn(true)}><Trans>Switch the camera on</Trans></Button></Group>}
          {fault && <Alert color="ember" variant="light" role="alert">{faults[fault]}</Alert>}
          {fault && <Group><Button variant="default" onClick={() => { setOn(false); requestAnimationFrame(() => setOn(true)); }}><Trans>Try again</Trans></Button></Group>}
          {devices.length > 1 && <Select label={<Trans>Camera</Trans>} allowDeselect={false} value={device ?? devices[0]?.deviceId ?? null} onChange={setDevice} data={devices.map((each, at) => ({value: each.deviceId, label: each.label || t`Camera ${at + 1}`}))} />}
          {measured && (
            <Text size="sm" c="dimmed" className="py-number">
              <Trans>{measured.width} × {measured.height} · {measured.fps === null ? '–' : number(measured.fps)} pictures a second · brightness {percent(measured.brightness)}</Trans>
            </Text>
          )}
          {measured && <ServerLook video={video} onSeen={setSeen} />}
          <div role="status">
            {findings?.length === 0 && <Group gap="xs"><IconCheck size={18} aria-hidden color="var(--mantine-primary-color-filled)" /><Text size="sm" fw={600}><Trans>The picture is good.</Trans></Text></Group>}
            {findings && findings.length > 0 && <List size="sm" spacing={4}>{findings.map((each) => <List.Item key={each}>{advice[each]}</List.Item>)}</List>}
          </div>
        </Stack>
      </SimpleGrid>
      <Group>{measured ? further : skip}</Group>
    </Stack>
  );
}
