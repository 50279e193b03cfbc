// Model cards as blocks: the part of Markdown that they use. Nothing in it becomes markup by itself.
export type Inline = {kind: 'text' | 'code' | 'strong' | 'em'; text: string} | {kind: 'link'; text: string; to: string};
export type Block =
  | {kind: 'heading'; level: number; inline: Inline[]}
  | {kind: 'paragraph'; inline: Inline[]}
  | {kind: 'list'; ordered: boolean; items: Inline[][]}
  | {kind: 'code'; text: string}
  | {kind: 'table'; head: Inline[][]; end: boolean[]; rows: Inline[][][]};

const kEscaped = /\\([\\`*_{}[\]<>()#+\-.!|~])/g;
const plain = (text: string) => text.replace(kEscaped, '$1');

// An escaped sign begins nothing: whatever stands behind a backslash is passed over first.
const kInline = /\\.|`([^`]+)`|\*\*((?:\\.|[^*\\])+)\*\*|\*((?:\\.|[^*\\])+)\*|\[((?:\\.|[^\]\\])+)\]\(([^)\s]+)\)/g;

export function inline(text: string): Inline[] {
  const out: Inline[] = [];
  const push = (part: Inline) => { if (part.text) out.push(part); };
  let from = 0;
  for (const match of text.matchAll(kInline)) {
    const [all, code, strong, em, label, to] = match;
    if (all.startsWith('\\')) continue;
    push({kind: 'text', text: plain(text.slice(from, match.index))});
    if (code !== undefined) push({kind: 'code', text: code});
    else if (strong !== undefined) push({kind: 'strong', text: plain(strong)});
    else if (em !== undefined) push({kind: 'em', text: plain(em)});
    // Only addresses of the web; no scripts.
    else if (label !== undefined) push(/^https?:\/\//.test(to ?? '') ? {kind: 'link', text: plain(label), to: to!} : {kind: 'text', text: plain(label)});
    from = match.index + all.length;
  }
  push({kind: 'text', text: plain(text.slice(from))});
  return out;
}

function cells(line: string): string[] {
  const found = line.trim().replace(/^\|/, '').match(/(?:\\.|[^|\\])*\|?/g) ?? [];
  return found.filter((each) => each !== '').map((each) => each.replace(/\|$/, '').trim());
}

const isRule = (line: string | undefined) => line !== undefined && /^\s*\|?\s*:?-{3,}:?\s*(\|\s*:?-{3,}:?\s*)*\|?\s*$/.test(line);
const kItem = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/;

export function blocks(markdown: string): Block[] {
  const lines = markdown.replace(/\r\n?/g, '\n').split('\n');
  const out: Block[] = [];
  let at = 0;
  const line = () => lines[at] ?? '';
  while (at < lines.length) {
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line());
    const item = kItem.exec(line());
    if (line().trim() === '') at += 1;
    else if (heading) {
      out.push({kind: 'heading', level: heading[1]!.length, inline: inline(heading[2]!)});
      at += 1;
    } else if (line().startsWith('```')) {
      const code: string[] = [];
      for (at += 1; at < lines.length && !line().startsWith('```'); at += 1) code.push(line());
      at += 1;
      out.push({kind: 'code', text: code.join('\n')});
    } else if (line().includes('|') && isRule(lines[at + 1])) {
      const head = cells(line()).map(inline), end = cells(lines[at + 1]!).map((cell) => /^-+:$/.test(cell));
      const rows: Inline[][][] = [];
      for (at += 2; at < lines.length && line().includes('|'); at += 1) rows.push(cells(line()).map(inline));
      out.push({kind: 'table', head, end, rows});
    } else if (item) {
      const ordered = item[1] !== undefined, items: Inline[][] = [];
      for (let next = kItem.exec(line()); next; next = kItem.exec(line())) {
        items.push(inline(next[2]!));
        at += 1;
      }
      out.push({kind: 'list', ordered, items});
    } else {
      const text: string[] = [];
      for (; at < lines.length && line().trim() !== '' && !/^#{1,6}\s/.test(line()) && !line().startsWith('```') && !kItem.test(line()) && !isRule(lines[at + 1]); at += 1) text.push(line().trim());
      if (text.length === 0) { text.push(line().trim()); at += 1; }
      out.push({kind: 'paragraph', inline: inline(text.join(' '))});
    }
  }
  return out;
}
