import {Text} from '@mantine/core';

/** Plain text: blank lines part paragraphs; a line that begins like one of a list stays a line. */
export function TemplateText({text}: {text: string}) {
  return <>{text.split(/\n\s*\n/).map((paragraph, at) => <Text key={at} size="sm" mb="xs" style={{whiteSpace: 'pre-line'}}>{paragraph.replace(/\n(?!\s*([-•*]|\d+[.)])\s)/g, ' ')}</Text>)}</>;
}
