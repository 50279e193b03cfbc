import {api, body} from '@/api/client';
import type {components} from '@/api/schema';
import {timeZone} from '@/shared/format';

export type Trend = components['schemas']['Trend'];

/** A person's weeks in the reader's time zone: of the index, or of a questionnaire. */
export async function fetchTrend(person: string, survey?: string): Promise<Trend> {
  const trend = await body(api.GET('/api/v1/people/{person}/trend', {params: {path: {person}, query: {timezone: timeZone, ...(survey ? {survey} : {})}}}));
  if (typeof trend === 'string') throw new Error('a trend was answered as text');
  return trend;
}
