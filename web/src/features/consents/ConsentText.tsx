import {Trans} from '@lingui/react/macro';
import {Box, Text} from '@mantine/core';
import type {ConsentTemplate} from '@/api/records';
import classes from './consents.module.css';

/** The whole text that somebody agrees to, to be opened. */
export function ConsentText({template}: {template: ConsentTemplate}) {
  return (
    <details className={classes.text}>
      <summary><Trans>Read the whole text</Trans></summary>
      <Box lang={template.language} mt="xs">
        {template.text.split(/\n\s*\n/).map((paragraph) => <Text key={paragraph} size="sm" mb="xs">{paragraph}</Text>)}
        <Text size="xs" c="dimmed"><Trans>{template.name}, edition {template.edition}</Trans></Text>
      </Box>
    </details>
  );
}
