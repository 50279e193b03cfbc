/** One figure of the exposition format of Prometheus, summed over its labels. */
export interface Figure {
  name: string;
  help: string;
  value: number;
  unit: 'bytes' | 'seconds' | null;
}

/** What is worth a look of it: gauges and counters as single figures, histograms by how often they counted. */
export function figuresOf(text: string): Figure[] {
  const help = new Map<string, string>(), sums = new Map<string, number>(), histograms = new Set<string>();
  for (const line of text.split('\n')) {
    const told = /^# HELP (\S+) (.*)$/.exec(line);
    if (told?.[1]) help.set(told[1], told[2] ?? '');
    const kind = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (kind?.[1] && (kind[2] === 'histogram' || kind[2] === 'summary')) histograms.add(kind[1]);
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{[^}]*\})? (\S+)/.exec(line);
    if (!sample?.[1]) continue;
    const value = Number(sample[2]);
    if (Number.isFinite(value)) sums.set(sample[1], (sums.get(sample[1]) ?? 0) + value);
  }
  const out: Figure[] = [];
  for (const [name, value] of sums) {
    const base = name.replace(/_(bucket|sum|count)$/, '');
    if (histograms.has(base)) continue;
    out.push({name, help: help.get(name) ?? '', value, unit: /_bytes(_total)?$/.test(name) ? 'bytes' : /_seconds(_total)?$/.test(name) ? 'seconds' : null});
  }
  return out;
}
