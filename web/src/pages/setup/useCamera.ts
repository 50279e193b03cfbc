// The browser's camera for a look at it: its stream, which cameras there are, and what its picture is like.
import {useEffect, useRef, useState, type RefObject} from 'react';
import {pictureOf, type Picture} from './picture';

export interface CameraState {
  video: RefObject<HTMLVideoElement | null>;
  devices: MediaDeviceInfo[];
  /** Null while it is being opened. */
  measured: (Picture & {width: number; height: number; fps: number | null}) | null;
  fault: 'refused' | 'none' | 'busy' | null;
}

const faultOf = (error: unknown): CameraState['fault'] => {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'none' : 'busy';
};

export function useCamera(on: boolean, device: string | null): CameraState {
  const video = useRef<HTMLVideoElement>(null);
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  const [measured, setMeasured] = useState<CameraState['measured']>(null);
  const [fault, setFault] = useState<CameraState['fault']>(null);
  useEffect(() => {
    if (!on) return;
    let stream: MediaStream | null = null, ended = false, timer = 0;
    const canvas = document.createElement('canvas');
    canvas.width = 96;
    canvas.height = 72;
    const drawing = canvas.getContext('2d', {willReadFrequently: true});
    const open = async () => {
      setFault(null);
      setMeasured(null);
      try {
        stream = await navigator.mediaDevices.getUserMedia({video: {width: {ideal: 1280}, height: {ideal: 720}, ...(device ? {deviceId: {exact: device}} : {})}});
      } catch (error) {
        if (!ended) setFault(faultOf(error));
        return;
      }
      if (ended) return stream.getTracks().forEach((track) => track.stop());
      const shown = video.current;
      if (!shown || !drawing) return;
      shown.srcObject = stream;
      await shown.play().catch(() => undefined);
      setDevices((await navigator.mediaDevices.enumerateDevices()).filter((each) => each.kind === 'videoinput'));
      let frames = 0, since = performance.now();
      const count = () => {
        frames += 1;
        if (!ended) shown.requestVideoFrameCallback(count);
      };
      if ('requestVideoFrameCallback' in shown) shown.requestVideoFrameCallback(count);
      timer = window.setInterval(() => {
        if (!shown.videoWidth) return;
        drawing.drawImage(shown, 0, 0, canvas.width, canvas.height);
        const now = performance.now();
        const fps = frames > 0 ? (frames * 1000) / (now - since) : null;
        frames = 0;
        since = now;
        setMeasured({...pictureOf(drawing.getImageData(0, 0, canvas.width, canvas.height).data), width: shown.videoWidth, height: shown.videoHeight, fps});
      }, 1000);
    };
    void open();
    return () => {
      ended = true;
      window.clearInterval(timer);
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, [on, device]);
  return {video, devices, measured, fault};
}
