// Texts by which people agree.
import {Text} from '@mantine/core';
import {queryOptions} from '@tanstack/react-query';
import {api, body} from '@/api/client';
import {allRows} from '@/api/pages';
import type {components} from '@/api/schema';

export type ConsentTemplate = components['schemas']['ConsentTemplate'];

export const templatesQuery = queryOptions({
  queryKey: ['consent-templates'],
  queryFn: () => allRows((after) => body(api.GET('/api/v1/consent-templates', {params: {query: {limit: 200, ...after}}}))),
});

/** Plain text: blank lines part paragraphs; a line that begins like one of a list stays a line. */
export function TemplateText({text}: {text: string}) {
  return <>{text.split(/\n\s*\n/).map((paragraph, at) => <Text key={at} size="sm" mb="xs" style={{whiteSpace: 'pre-line'}}>{paragraph.replace(/\n(?!\s*([-•*]|\d+[.)])\s)/g, ' ')}</Text>)}</>;
}
