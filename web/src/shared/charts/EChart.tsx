import {Box, useComputedColorScheme} from '@mantine/core';
import {BarChart, BoxplotChart, HeatmapChart, LineChart, ScatterChart} from 'echarts/charts';
import {AriaComponent, CalendarComponent, DataZoomComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent} from 'echarts/components';
import {init, use, type ECElementEvent, type EChartsCoreOption, type EChartsType} from 'echarts/core';
import {CanvasRenderer} from 'echarts/renderers';
import {useEffect, useRef} from 'react';

use([BarChart, BoxplotChart, HeatmapChart, LineChart, ScatterChart, AriaComponent, CalendarComponent, DataZoomComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, CanvasRenderer]);

interface Props {
  /** Read aloud instead of the picture; give a table beside it. */
  label: string;
  option: EChartsCoreOption;
  height?: number;
  onClick?: (event: ECElementEvent) => void;
  /** What the pointer is on; null: nothing any more. */
  onHover?: (event: ECElementEvent | null) => void;
}

/** Charts that are looked at, not streamed: scatter, heat map, bars, box plots. */
export default function EChart({label, option, height = 320, onClick, onHover}: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(null);
  const scheme = useComputedColorScheme('light');
  const click = useRef(onClick), hover = useRef(onHover);
  click.current = onClick;
  hover.current = onHover;

  useEffect(() => {
    const made = init(box.current!, scheme === 'dark' ? 'dark' : undefined);
    chart.current = made;
    made.on('click', (event) => click.current?.(event as ECElementEvent));
    made.on('mouseover', (event) => hover.current?.(event as ECElementEvent));
    made.on('mouseout', () => hover.current?.(null));
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(box.current!);
    return () => { observer.disconnect(); made.dispose(); chart.current = null; };
  }, [scheme]);

  useEffect(() => {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    // Drawn on the canvas: as HTML the tooltip's styles would need a laxer policy of content.
    chart.current?.setOption({backgroundColor: 'transparent', animation: !still, tooltip: {renderMode: 'richText'}, textStyle: {fontFamily: 'inherit'}, ...option}, {notMerge: true});
  }, [option, scheme]);

  return <Box ref={box} role="img" aria-label={label} w="100%" h={height} dir="ltr" />;
}
