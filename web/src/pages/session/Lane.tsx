import 'uplot/dist/uPlot.min.css';
import {Box, Group, Text, useComputedColorScheme} from '@mantine/core';
import {useEffect, useRef, type ReactNode} from 'react';
import uPlot from 'uplot';
import {duration} from '@/shared/format';
import {kLeft, kRight, useLine, type Line} from './context';
import {drawn, type Channel, type Drawn} from './track';

export interface LaneChannel {
  channel: Channel;
  label: string;
  colour: string;
  dash?: number[];
  width?: number;
  written: (value: number) => string;
}

interface Props {
  title: ReactNode;
  /** Read aloud. */
  label: string;
  channels: readonly LaneChannel[];
  range: readonly [number, number];
  height?: number;
  /** Short marks at the top, e.g. blinks. */
  marks?: {times: () => readonly number[]; colour: string}[];
  /** With the times below it. */
  last?: boolean;
}

function plugin(line: Line, ink: string, marks: Props['marks']): uPlot.Plugin {
  return {
    hooks: {
      draw: (u) => {
        const {ctx, bbox} = u, ratio = devicePixelRatio;
        const {min, max} = line.window;
        for (const {times, colour} of marks ?? []) {
          const all = times();
          // Where they would lie closer than pixels they say nothing.
          if (all.length > 2000 && max - min > line.window.full.max / 4) continue;
          ctx.fillStyle = colour;
          for (const time of all) {
            if (time < min || time > max) continue;
            ctx.fillRect(Math.round(u.valToPos(time, 'x', true)), bbox.top, ratio, 6 * ratio);
          }
        }
        const at = line.playhead.at;
        if (at === null || at < min || at > max) return;
        ctx.fillStyle = ink;
        ctx.fillRect(Math.round(u.valToPos(at, 'x', true)), bbox.top, 1.5 * ratio, bbox.height);
      },
    },
  };
}

/** Some channels over the window's stretch. Follows the window by itself: React does not draw while somebody pans. */
export function Lane({title, label, channels, range, height = 96, marks, last = false}: Props) {
  const line = useLine();
  const box = useRef<HTMLDivElement>(null);
  const values = useRef<(HTMLSpanElement | null)[]>([]);
  const scheme = useComputedColorScheme('light');
  const shape = JSON.stringify([channels.map(({channel, colour, dash, width, label: name}) => [channel, colour, dash, width, name]), range, height, last, scheme, marks?.map(({colour}) => colour)]);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue('--py-ink-soft').trim(), grid = style.getPropertyValue('--py-line').trim(), strong = style.getPropertyValue('--py-ink').trim();
    const axis = {stroke: ink, grid: {stroke: grid, width: 1}, ticks: {show: false}, font: '11px system-ui'};
    const data: Drawn = [[], ...channels.map(() => [])];
    const {window, cursor, playhead, track} = line;
    const names = channels.map(({channel}) => channel);
    const made = new uPlot({
      width: element.clientWidth, height: height + (last ? 26 : 0),
      padding: [8, kRight, last ? 0 : 8, 0],
      legend: {show: false},
      cursor: {drag: {x: true, y: false, setScale: false}, sync: {key: 'session', scales: ['x', null]}, points: {size: 6}},
      scales: {x: {time: false, auto: false, range: () => [window.min, window.max]}, y: {auto: false, range: [range[0], range[1]]}},
      axes: [
        {...axis, show: true, size: last ? 26 : 0, values: last ? (_, splits) => splits.map((x) => duration(x)) : () => []},
        {...axis, size: kLeft, splits: [range[0], (range[0] + range[1]) / 2, range[1]]},
      ],
      series: [{}, ...channels.map((channel): uPlot.Series => ({label: channel.label, stroke: channel.colour, width: channel.width ?? 1.5, dash: channel.dash, points: {show: false}, spanGaps: false}))],
      hooks: {
        setSelect: [(u) => {
          if (u.select.width < 4) return;
          const [from, until] = [u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x')];
          u.setSelect({left: 0, top: 0, width: 0, height: 0}, false);
          window.set(from, until);
        }],
        setCursor: [(u) => {
          const at = u.cursor.left !== undefined && u.cursor.left >= 0 ? u.posToVal(u.cursor.left, 'x') : null;
          cursor.set(at);
          const index = at === null || track.length === 0 ? -1 : Math.min(track.indexAt(at), track.length - 1);
          channels.forEach(({channel, written}, which) => {
            const span = values.current[which];
            const value = index < 0 ? Number.NaN : track.columns[channel].at(index);
            if (span) span.textContent = Number.isNaN(value) ? '' : written(value);
          });
        }],
      },
      plugins: [plugin(line, strong, marks)],
    }, data, element);
    const follow = () => {
      drawn(track, names, window.min, window.max, made.width, data);
      made.batch(() => {
        made.setData(data, false);
        made.setScale('x', {min: window.min, max: window.max});
      });
    };
    follow();
    const click = () => {
      const at = made.cursor.left;
      if (at !== undefined && at >= 0) playhead.set(made.posToVal(at, 'x'));
    };
    const wheel = (event: WheelEvent) => {
      const seconds = (window.max - window.min) / Math.max(1, element.clientWidth - kLeft - kRight);
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const at = made.cursor.left;
        window.zoom(Math.exp(event.deltaY / 300), at !== undefined && at >= 0 ? made.posToVal(at, 'x') : undefined);
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        window.pan((event.deltaX || event.deltaY) * seconds);
      }
    };
    made.over.addEventListener('click', click);
    made.over.addEventListener('dblclick', () => window.all());
    element.addEventListener('wheel', wheel, {passive: false});
    const observer = new ResizeObserver(() => {
      made.setSize({width: element.clientWidth, height: height + (last ? 26 : 0)});
      follow();
    });
    observer.observe(element);
    const stops = [window.listen(follow), playhead.listen(() => made.redraw(false))];
    return () => {
      stops.forEach((stop) => stop());
      observer.disconnect();
      element.removeEventListener('wheel', wheel);
      made.destroy();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `shape` stands for the channels and the rest
  }, [shape, line]);

  return (
    <Box component="section" aria-label={label}>
      <Group gap="sm" wrap="wrap" ps={kLeft} mih={20}>
        <Text size="xs" fw={650}>{title}</Text>
        {channels.map(({channel, label: name, colour, dash}, which) => (
          <Group key={channel} gap={4} wrap="nowrap">
            <svg width={16} height={8} aria-hidden><line x1={0} x2={16} y1={4} y2={4} stroke={colour} strokeWidth={2.4} strokeDasharray={dash?.join(' ')} /></svg>
            <Text size="xs" c="dimmed">{name} <span ref={(span) => { values.current[which] = span; }} className="py-number" /></Text>
          </Group>
        ))}
      </Group>
      <Box ref={box} role="img" aria-label={label} w="100%" dir="ltr" style={{minHeight: height + (last ? 26 : 0)}} />
    </Box>
  );
}
