// The browser's camera: which there are, one of them as a stream, and why there is none.
import {useCallback, useEffect, useRef, useState} from 'react';

export type CameraTrouble = 'refused' | 'none' | 'busy' | 'unsupported';

export interface CameraState {
  stream: MediaStream | null;
  trouble: CameraTrouble | null;
  devices: MediaDeviceInfo[];
  /** The one that is open. */
  device: string | null;
  choose: (device: string) => void;
  retry: () => void;
}

function troubleOf(error: unknown): CameraTrouble {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'none';
  return 'busy';
}

const kKept = 'pyrometer.camera';

/** The camera is open while `wanted`; its light goes out with it. */
export function useCamera(wanted: boolean, facing: 'user' | 'environment' = 'user', finer = false): CameraState {
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [trouble, setTrouble] = useState<CameraTrouble | null>(null);
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  const [chosen, setChosen] = useState<string | null>(() => localStorage.getItem(kKept));
  const [attempt, setAttempt] = useState(0);
  const opened = useRef<MediaStream | null>(null);

  useEffect(() => {
    if (!wanted) return;
    const media = navigator.mediaDevices as MediaDevices | undefined;
    if (!media?.getUserMedia) {
      setTrouble('unsupported');
      return;
    }
    let stale = false;
    const close = (which: MediaStream | null) => which?.getTracks().forEach((track) => track.stop());
    const size = finer ? {width: {ideal: 1280}, height: {ideal: 720}} : {width: {ideal: 640}, height: {ideal: 480}};
    const open = (device: string | null) => media.getUserMedia({audio: false, video: {...size, frameRate: {ideal: 30}, ...(device ? {deviceId: {exact: device}} : {facingMode: facing})}});
    const known = async () => { const all = await media.enumerateDevices(); if (!stale) setDevices(all.filter((each) => each.kind === 'videoinput')); };
    void (async () => {
      try {
        // A camera that was chosen once may have been unplugged since.
        const made = await open(chosen).catch((error) => (chosen && troubleOf(error) === 'none' ? open(null) : Promise.reject(error as Error)));
        if (stale) return close(made);
        opened.current = made;
        for (const track of made.getVideoTracks()) track.onended = () => { setStream(null); setTrouble('busy'); };
        setTrouble(null);
        setStream(made);
        await known();
      } catch (error) {
        if (!stale) setTrouble(troubleOf(error));
      }
    })();
    media.addEventListener('devicechange', known);
    return () => {
      stale = true;
      media.removeEventListener('devicechange', known);
      close(opened.current);
      opened.current = null;
      setStream(null);
    };
  }, [wanted, chosen, facing, finer, attempt]);

  const choose = useCallback((device: string) => {
    localStorage.setItem(kKept, device);
    setChosen(device);
  }, []);
  const retry = useCallback(() => setAttempt((n) => n + 1), []);
  const device = stream?.getVideoTracks()[0]?.getSettings().deviceId ?? null;
  return {stream, trouble, devices, device, choose, retry};
}
