/** Where a small line runs: paths in a box of width and height, broken where there is no value. */
export interface Line {
  paths: string[];
  /** The newest value's place. */
  end: {x: number; y: number} | null;
}

export function lineOf(values: readonly (number | null)[], width: number, height: number, range?: readonly [number, number]): Line {
  const there = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (there.length === 0) return {paths: [], end: null};
  const [least, greatest] = range ?? [Math.min(...there), Math.max(...there)];
  const span = greatest - least || 1;
  const inset = 4;
  const x = (at: number) => (values.length < 2 ? width / 2 : inset + (at / (values.length - 1)) * (width - 2 * inset));
  const y = (value: number) => inset + (1 - (Math.min(greatest, Math.max(least, value)) - least) / span) * (height - 2 * inset);
  const paths: string[] = [];
  let path = '', end: Line['end'] = null;
  values.forEach((value, at) => {
    if (value === null || !Number.isFinite(value)) {
      if (path) paths.push(path);
      path = '';
      return;
    }
    end = {x: x(at), y: y(value)};
    path += `${path ? 'L' : 'M'}${end.x.toFixed(1)} ${end.y.toFixed(1)}`;
  });
  if (path) paths.push(path);
  return {paths, end};
}
