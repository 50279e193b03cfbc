import {expect, test} from 'vitest';
import {figuresOf} from './figures';

test('figures are summed over their labels, histograms left out, units told by the name', () => {
  const figures = figuresOf([
    '# HELP pyrometer_requests_total Requests answered', '# TYPE pyrometer_requests_total counter',
    'pyrometer_requests_total{status="200"} 10', 'pyrometer_requests_total{status="404"} 2',
    '# TYPE pyrometer_wait_seconds histogram', 'pyrometer_wait_seconds_bucket{le="1"} 4', 'pyrometer_wait_seconds_sum 2', 'pyrometer_wait_seconds_count 4',
    '# TYPE process_resident_memory_bytes gauge', 'process_resident_memory_bytes 1.5e6',
  ].join('\n'));
  expect(figures).toEqual([
    {name: 'pyrometer_requests_total', help: 'Requests answered', value: 12, unit: null},
    {name: 'process_resident_memory_bytes', help: '', value: 1_500_000, unit: 'bytes'},
  ]);
});
