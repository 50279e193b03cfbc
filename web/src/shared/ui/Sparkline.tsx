import {useId} from 'react';
import {lineOf} from './sparkline';

interface Props {
  values: readonly (number | null)[];
  /** What it shows, in words, with the first and the newest value. */
  label: string;
  width?: number;
  height?: number;
  /** Of the axis; without it, that of the values. */
  range?: readonly [number, number];
}

/** A small line without axes, for how something goes on; light enough for the first page. */
export function Sparkline({values, label, width = 120, height = 36, range}: Props) {
  const id = useId();
  const {paths, end} = lineOf(values, width, height, range);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={id} style={{display: 'block', width: '100%', maxWidth: width, height: 'auto', color: 'var(--mantine-color-anchor)'}}>
      <title id={id}>{label}</title>
      {paths.map((path) => <path key={path} d={path} fill="none" stroke="currentColor" strokeWidth="2" strokeLinejoin="round" strokeLinecap="round" vectorEffect="non-scaling-stroke" />)}
      {end && <circle cx={end.x} cy={end.y} r="3.5" fill="currentColor" />}
    </svg>
  );
}
