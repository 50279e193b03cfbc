import {Anchor, Box, Code, List, Stack, Table, Text, Title, type TitleOrder} from '@mantine/core';
import {Fragment, useMemo} from 'react';
import {blocks, type Block, type Inline} from './markdown';

function Words({inline}: {inline: readonly Inline[]}) {
  return inline.map((part, at) => {
    switch (part.kind) {
      case 'code': return <Code key={at}>{part.text}</Code>;
      case 'strong': return <strong key={at}>{part.text}</strong>;
      case 'em': return <em key={at}>{part.text}</em>;
      case 'link': return <Anchor key={at} href={part.to} rel="noreferrer" target="_blank">{part.text}</Anchor>;
      case 'text': return <Fragment key={at}>{part.text}</Fragment>;
    }
  });
}

function OneBlock({block, below}: {block: Block; below: number}) {
  switch (block.kind) {
    case 'heading': return <Title order={Math.min(6, Math.max(1, block.level + below)) as TitleOrder} size={block.level <= 2 ? 'h3' : 'md'} mt={block.level <= 2 ? 'md' : 'xs'}><Words inline={block.inline} /></Title>;
    case 'paragraph': return <Text size="sm" maw={760}><Words inline={block.inline} /></Text>;
    case 'list': return <List size="sm" type={block.ordered ? 'ordered' : 'unordered'} maw={760}>{block.items.map((item, at) => <List.Item key={at}><Words inline={item} /></List.Item>)}</List>;
    case 'code': return <Code block tabIndex={0}>{block.text}</Code>;
    case 'table': return (
      <Box style={{overflowX: 'auto'}} tabIndex={0} role="group">
        <Table fz="sm" verticalSpacing={4} w="auto" miw={320}>
          <Table.Thead><Table.Tr>{block.head.map((cell, at) => <Table.Th key={at} ta={block.end[at] ? 'end' : undefined}><Words inline={cell} /></Table.Th>)}</Table.Tr></Table.Thead>
          <Table.Tbody className="py-number">{block.rows.map((row, r) => <Table.Tr key={r}>{row.map((cell, at) => <Table.Td key={at} ta={block.end[at] ? 'end' : undefined}><Words inline={cell} /></Table.Td>)}</Table.Tr>)}</Table.Tbody>
        </Table>
      </Box>
    );
  }
}

/** Markdown as elements; its first heading stands `below` levels deeper than it says. */
export function Markdown({text, below = 1}: {text: string; below?: number}) {
  const parts = useMemo(() => blocks(text), [text]);
  return <Stack gap="xs">{parts.map((block, at) => <OneBlock key={at} block={block} below={below} />)}</Stack>;
}
