import {useLingui} from '@lingui/react/macro';
import {Box, useComputedColorScheme} from '@mantine/core';
import {useEffect, useRef, type KeyboardEvent, type PointerEvent} from 'react';
import {duration} from '@/shared/format';
import {kLeft, kRight, useLine} from './context';
import classes from './timeline.module.css';
import {drawn, type Channel} from './track';

const kHeight = 40;
type Grip = 'move' | 'begin' | 'end';

/** All of the session in a strip, and on it the stretch that the lanes show: moved, and made longer or shorter. */
export function Overview({channel, range, colour, version}: {channel: Channel; range: readonly [number, number]; colour: string; version: number}) {
  const {t} = useLingui();
  const {track, window} = useLine();
  const box = useRef<HTMLDivElement>(null), canvas = useRef<HTMLCanvasElement>(null), brush = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  const held = useRef<{grip: Grip; x: number; min: number; max: number} | null>(null);

  useEffect(() => {
    const element = canvas.current, around = box.current;
    if (!element || !around) return;
    const draw = () => {
      const width = around.clientWidth, ratio = devicePixelRatio;
      element.width = width * ratio;
      element.height = kHeight * ratio;
      const ctx = element.getContext('2d');
      if (!ctx || track.length === 0) return;
      const {min, max} = window.full;
      const [times, values] = drawn(track, [channel], min, max, width);
      ctx.scale(ratio, ratio);
      ctx.strokeStyle = colour;
      ctx.lineWidth = 1.2;
      ctx.beginPath();
      let down = false;
      times.forEach((time, at) => {
        const value = values?.[at];
        if (value === null || value === undefined) {
          down = false;
          return;
        }
        const x = ((time - min) / (max - min)) * width, y = kHeight - 3 - ((value - range[0]) / (range[1] - range[0])) * (kHeight - 6);
        if (down) ctx.lineTo(x, y);
        else ctx.moveTo(x, y);
        down = true;
      });
      ctx.stroke();
    };
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(around);
    return () => observer.disconnect();
  }, [track, window, channel, range, colour, version, scheme]);

  useEffect(() => {
    const place = () => {
      const element = brush.current;
      if (!element) return;
      const {min, max} = window.full, span = max - min;
      element.style.left = `${((window.min - min) / span) * 100}%`;
      element.style.width = `${((window.max - window.min) / span) * 100}%`;
      element.setAttribute('aria-valuenow', String(Math.round(window.min)));
      element.setAttribute('aria-valuemax', String(Math.round(max)));
      element.setAttribute('aria-valuetext', `${duration(window.min)} – ${duration(window.max)}`);
    };
    place();
    return window.listen(place);
  }, [window]);

  const seconds = (pixels: number) => (pixels / Math.max(1, box.current?.clientWidth ?? 1)) * (window.full.max - window.full.min);
  const down = (grip: Grip) => (event: PointerEvent<HTMLElement>) => {
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    held.current = {grip, x: event.clientX, min: window.min, max: window.max};
  };
  const move = (event: PointerEvent) => {
    const hold = held.current;
    if (!hold) return;
    const by = seconds(event.clientX - hold.x);
    if (hold.grip === 'move') window.pan(hold.min + by - window.min);
    else if (hold.grip === 'begin') window.set(Math.min(hold.min + by, hold.max - 2), hold.max);
    else window.set(hold.min, Math.max(hold.max + by, hold.min + 2));
  };
  const up = () => { held.current = null; };
  const jump = (event: PointerEvent<HTMLElement>) => {
    const middle = window.full.min + seconds(event.clientX - event.currentTarget.getBoundingClientRect().left);
    window.pan(middle - (window.min + window.max) / 2);
  };
  const key = (event: KeyboardEvent) => {
    const span = window.max - window.min;
    const deed = {
      ArrowLeft: () => window.pan(-span / 10), ArrowRight: () => window.pan(span / 10), PageUp: () => window.pan(-span), PageDown: () => window.pan(span),
      Home: () => window.pan(-1e9), End: () => window.pan(1e9), '+': () => window.zoom(0.7), '=': () => window.zoom(0.7), '-': () => window.zoom(1 / 0.7), 0: () => window.all(),
    }[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  };
  return (
    <Box ref={box} className={classes.overview} style={{marginLeft: kLeft, marginRight: kRight, height: kHeight}} dir="ltr" onPointerDown={jump}>
      <canvas ref={canvas} className={classes.canvas} aria-hidden />
      <Box ref={brush} className={classes.brush} role="slider" tabIndex={0} aria-label={t`Stretch that is shown: arrows move it, plus and minus zoom, 0 shows all`} aria-valuemin={0} aria-valuenow={0}
        onPointerDown={down('move')} onPointerMove={move} onPointerUp={up} onPointerCancel={up} onKeyDown={key}>
        <span className={classes.gripStart} onPointerDown={down('begin')} onPointerMove={move} onPointerUp={up} onPointerCancel={up} />
        <span className={classes.gripEnd} onPointerDown={down('end')} onPointerMove={move} onPointerUp={up} onPointerCancel={up} />
      </Box>
    </Box>
  );
}
