import {useLingui} from '@lingui/react/macro';
import {useComputedColorScheme} from '@mantine/core';
import {useMemo} from 'react';
import {emotions, type Emotion} from '@/app/theme';
import {LazyEChart} from '@/shared/charts/LazyEChart';
import {WithTable} from '@/shared/charts/WithTable';
import {number} from '@/shared/format';
import {useEmotionColours, useEmotionNames} from '@/shared/ui/emotions';
import {extent, tally, type ExpressionMap, type Face, type SetPoint} from './points';

export type Hovered = {kind: 'set'; point: SetPoint} | {kind: 'map'; label: Emotion | null} | {kind: 'placed'; face: Face} | null;

interface Props {
  map: ExpressionMap;
  points: readonly SetPoint[];
  placed: readonly Face[];
  /** Only these labels. */
  shown: readonly string[];
  onHover: (hovered: Hovered) => void;
}

// Signs as well as colours, so that classes differ without either.
const signs: Record<Emotion, string> = {angry: 'triangle', disgust: 'diamond', fear: 'rect', happy: 'circle', sad: 'pin', surprise: 'arrow', neutral: 'roundRect'};

/** Thousands of faces where the model's embedding puts them: near means alike to the model. */
export function Scatter({map, points, placed, shown, onHover}: Props) {
  const {t} = useLingui();
  const names = useEmotionNames(), colours = useEmotionColours();
  const dark = useComputedColorScheme('light') === 'dark';
  const ink = dark ? '#e8eef0' : '#1b2629', paper = dark ? '#1a2023' : '#ffffff';
  const option = useMemo(() => {
    const {x, y} = extent(map);
    const axis = {type: 'value', axisLabel: {show: false}, axisTick: {show: false}, axisLine: {show: false}, splitLine: {lineStyle: {opacity: 0.25}}};
    const some = emotions.filter((each) => shown.includes(each));
    const faint = points.length > 0;
    return {
      grid: {left: 8, right: 8, top: 8, bottom: 8},
      xAxis: {...axis, min: x[0], max: x[1]}, yAxis: {...axis, min: y[0], max: y[1]},
      dataZoom: [{type: 'inside', xAxisIndex: 0}, {type: 'inside', yAxisIndex: 0}],
      series: [
        ...some.map((each) => ({
          name: `map/${each}`, type: 'scatter', symbol: signs[each], symbolSize: 4, large: false, itemStyle: {color: colours[each], opacity: faint ? 0.18 : 0.55},
          data: map.points.filter(({label}) => label === each).map((point) => [point.x, point.y]), emphasis: {disabled: true},
        })),
        ...some.map((each) => ({
          name: `set/${each}`, type: 'scatter', symbol: signs[each], symbolSize: 8, itemStyle: {color: colours[each], borderColor: paper, borderWidth: 0.5},
          data: points.flatMap((point, at) => (point.label === each ? [[point.x, point.y, at]] : [])),
        })),
        {name: 'set/none', type: 'scatter', symbolSize: 7, itemStyle: {color: 'transparent', borderColor: ink, borderWidth: 1}, data: points.flatMap((point, at) => (point.label === null ? [[point.x, point.y, at]] : []))},
        {
          name: 'centres', type: 'scatter', silent: true, symbolSize: 1, data: some.flatMap((each) => { const at = map.centres[each]; return at ? [{value: [at.x, at.y], name: names[each]}] : []; }),
          label: {show: true, formatter: '{b}', color: ink, fontWeight: 700, fontSize: 13, textBorderColor: paper, textBorderWidth: 3},
        },
        ...placed.flatMap((face, at) => (face.place ? [
          {name: 'ways', type: 'line', silent: true, symbol: 'none', lineStyle: {color: ink, width: 1, opacity: 0.6}, data: (face.place.neighbours ?? []).flatMap((near) => [[face.place!.x, face.place!.y], [near.x, near.y], [null, null]])},
          {name: `placed/${at}`, type: 'scatter', symbol: 'circle', symbolSize: 20, itemStyle: {color: face.label ? colours[face.label] : ink, borderColor: ink, borderWidth: 3}, data: [[face.place.x, face.place.y, at]], z: 10},
        ] : [])),
      ],
      tooltip: {show: false},
    };
  }, [map, points, placed, shown, names, colours, ink, paper]);
  return (
    <WithTable caption={t`How many faces of each label, and how many the model reads otherwise`} columns={[t`Label`, t`Faces`, t`Read otherwise`]}
      rows={() => (points.length > 0 ? tally(points) : tally(map.points.map(({x, y, label}) => ({x, y, label, predicted: label, item: null, name: ''})))).map(({label, count, otherwise}) => [label ? names[label] : t`without a label`, number(count), points.length > 0 ? number(otherwise) : '–'])}>
      <LazyEChart label={t`Map of faces by what the model sees alike`} option={option} height={560} onHover={(event) => {
        const [series, which] = (event?.seriesName ?? '').split('/');
        const at = Array.isArray(event?.value) ? Number(event.value[2]) : Number.NaN;
        if (series === 'set' && points[at]) onHover({kind: 'set', point: points[at]});
        else if (series === 'placed' && placed[at]) onHover({kind: 'placed', face: placed[at]});
        else if (series === 'map') onHover({kind: 'map', label: (which ?? null) as Emotion | null});
        else onHover(null);
      }} />
    </WithTable>
  );
}
