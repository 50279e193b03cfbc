import 'uplot/dist/uPlot.min.css';
import {useLingui} from '@lingui/react/macro';
import {Box, useComputedColorScheme} from '@mantine/core';
import {useEffect, useRef} from 'react';
import uPlot from 'uplot';

export interface Line {
  label: string;
  colour: string;
  width?: number;
  dash?: number[];
  /** A band between this line and the line of that index (e.g. 95 % limits). */
  bandTo?: number;
  fill?: string;
  points?: boolean;
  /** Points alone, no line through them. */
  loose?: boolean;
  /** Drawn over gaps: of another clock than its neighbours'. */
  spans?: boolean;
}

interface Props {
  /** Read aloud instead of the picture; give a table beside it. */
  label: string;
  /** Seconds first (Unix time, or from a session's begin), then the values of each line; null: a gap. */
  data: uPlot.AlignedData;
  lines: readonly Line[];
  height?: number;
  range?: readonly [number, number];
  /** x is seconds from a begin, not a time of day. */
  elapsed?: boolean;
  formatX?: (x: number) => string;
  /** What is shown moves on with the data, as while something runs. */
  follow?: boolean;
  /** Charts of the same key move their cursors together. */
  sync?: string;
  /** A time that somebody clicked. */
  onPick?: (x: number) => void;
  /** What is seen now, after a zoom. */
  onRange?: (min: number, max: number) => void;
  plugins?: uPlot.Plugin[];
}

/** Between the marks of a clock that tells whole seconds. */
const kWholeS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/** Lines over time on a canvas: a hundred thousand points pan at the screen's rate. Drag to zoom, double click for all. */
export function TimeSeries({label, data, lines, height = 220, range, elapsed = false, follow = false, formatX, sync, onPick, onRange, plugins}: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const scheme = useComputedColorScheme('light');
  const {i18n} = useLingui();
  const latest = useRef({onPick, onRange, data});
  latest.current = {onPick, onRange, data};
  const shape = JSON.stringify([lines, range, elapsed, sync, scheme, i18n.locale]);

  useEffect(() => {
    const element = box.current!;
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue('--py-ink-soft').trim(), grid = style.getPropertyValue('--py-line').trim();
    const axis = {stroke: ink, grid: {stroke: grid, width: 1}, ticks: {stroke: grid, width: 1}, font: '12px system-ui'};
    const two = (n: number) => String(n).padStart(2, '0');
    const clock = (s: number) => `${s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}` : Math.floor(s / 60)}:${two(Math.floor(s % 60))}`;
    const date = new Intl.DateTimeFormat(i18n.locale, {day: 'numeric', month: 'short'});
    const hour = new Intl.DateTimeFormat(i18n.locale, {hour: 'numeric', minute: '2-digit'});
    const written = (x: number, span: number) => formatX?.(x) ?? (elapsed ? clock(x) : span > 2 * 86400 ? date.format(x * 1000) : hour.format(x * 1000));
    const made = new uPlot({
      width: element.clientWidth, height,
      legend: {show: false},
      cursor: {drag: {x: true, y: false}, sync: sync ? {key: sync, scales: ['x', null]} : undefined, points: {size: 7}},
      scales: {x: {time: !elapsed}, y: range ? {range: [range[0], range[1]]} : {}},
      axes: [{...axis, ...(elapsed && !formatX ? {incrs: kWholeS} : {}), values: (u, splits) => { const span = (u.scales.x!.max ?? 0) - (u.scales.x!.min ?? 0); return splits.map((x) => written(x, span)); }}, {...axis, size: 44}],
      series: [{}, ...lines.map((line): uPlot.Series => ({label: line.label, stroke: line.colour, width: line.width ?? 1.6, dash: line.dash, fill: line.bandTo === undefined ? line.fill : undefined, points: {show: line.points ?? line.loose ?? false, size: 7, fill: line.loose ? line.colour : undefined}, spanGaps: line.spans ?? false, ...(line.loose ? {paths: () => null} : {})}))],
      bands: lines.flatMap((line, at) => (line.bandTo === undefined ? [] : [{series: [at + 1, line.bandTo + 1] as [number, number], fill: line.fill}])),
      hooks: {
        setScale: [(u, key) => { if (key === 'x' && u.scales.x!.min !== undefined) latest.current.onRange?.(u.scales.x!.min!, u.scales.x!.max!); }],
        ready: [(u) => u.over.addEventListener('click', () => { const at = u.cursor.left; if (at !== undefined && at >= 0 && u.select.width < 2) latest.current.onPick?.(u.posToVal(at, 'x')); })],
      },
      plugins: plugins ?? [],
    }, latest.current.data, element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({width: element.clientWidth, height}));
    observer.observe(element);
    return () => { observer.disconnect(); made.destroy(); plot.current = null; };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `shape` stands for lines, range and the rest
  }, [shape, height, plugins, formatX]);

  useEffect(() => {
    if (plot.current && plot.current.data !== data) plot.current.setData(data, follow || data[0].length < 2 || !elapsed);
  }, [data, elapsed, follow]);

  return <Box ref={box} role="img" aria-label={label} w="100%" dir="ltr" style={{minHeight: height}} />;
}
