import {Box} from '@mantine/core';
import {useEffect, useRef, useState, type ReactNode, type RefObject} from 'react';
import type {LiveFeed} from './feed';
import classes from './live.module.css';
import {drawOverlay, type OverlayStyle} from './overlay';

interface Props {
  feed: LiveFeed;
  stream: MediaStream | null;
  video: RefObject<HTMLVideoElement | null>;
  label: string;
  overlay: Omit<OverlayStyle, 'main'>;
  /** Over the picture: hints, an indicator. */
  children?: ReactNode;
  /** Of the box; else the picture's own. */
  ratio?: string;
}

/** The camera's picture with what was seen drawn over it, each frame as it comes back. */
export function LivePicture({feed, stream, video, label, overlay, children, ratio}: Props) {
  const [own, setOwn] = useState('4 / 3');
  const canvas = useRef<HTMLCanvasElement>(null);
  const style = useRef(overlay);
  style.current = overlay;

  useEffect(() => {
    if (video.current && video.current.srcObject !== stream) video.current.srcObject = stream;
  }, [stream, video]);

  useEffect(() => {
    let due = 0;
    const draw = () => {
      due = 0;
      if (canvas.current) drawOverlay(canvas.current, feed.latest, feed.shape, {...style.current, main: feed.main});
    };
    const ask = () => {
      if (due === 0) due = requestAnimationFrame(draw);
    };
    // Where somebody only watches, no video tells how wide the picture is.
    const shape = () => { const seen = feed.latest; if (seen && seen.width > 0 && !video.current?.videoWidth) setOwn(`${seen.width} / ${seen.height}`); };
    const stop = feed.subscribe(() => { ask(); shape(); });
    const observer = new ResizeObserver(ask);
    if (canvas.current) observer.observe(canvas.current);
    return () => { stop(); observer.disconnect(); cancelAnimationFrame(due); };
  }, [feed, video]);

  return (
    <Box className={classes.picture} style={{aspectRatio: ratio ?? own}}>
      <video ref={video} onResize={(event) => { const {videoWidth, videoHeight} = event.currentTarget; if (videoWidth > 0) setOwn(`${videoWidth} / ${videoHeight}`); }} autoPlay playsInline muted aria-label={label} className={classes.video} data-fit={overlay.fit} data-mirrored={overlay.mirrored || undefined} />
      <canvas ref={canvas} className={classes.overlay} aria-hidden />
      {children}
    </Box>
  );
}
