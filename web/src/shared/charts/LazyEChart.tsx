import {Skeleton} from '@mantine/core';
import {lazy, Suspense, type ComponentProps} from 'react';

const EChart = lazy(() => import('./EChart'));

/** ECharts, loaded when the first chart is shown. */
export function LazyEChart(props: ComponentProps<typeof EChart>) {
  return <Suspense fallback={<Skeleton height={props.height ?? 320} />}><EChart {...props} /></Suspense>;
}
