import {useLingui} from '@lingui/react/macro';
import {Box, Skeleton} from '@mantine/core';
import {useElementSize} from '@mantine/hooks';
import {useVirtualizer} from '@tanstack/react-virtual';
import {useEffect, useRef, type KeyboardEvent, type MouseEvent} from 'react';
import {useEmotionColours, useEmotionNames} from '@/shared/ui/emotions';
import {thumbnail, type Picture} from './queries';
import type {Move, Selection} from './selection';
import './data.css';

interface Props {
  dataset: string;
  pictures: readonly Picture[];
  /** There are more than these. */
  more: boolean;
  onMore: () => void;
  selection: Selection;
  onMove: (move: Move) => void;
  /** Keys that are not movement. */
  onKey: (event: KeyboardEvent) => void;
}

const kSide = 104, kGap = 8, kHeight = 620;

/** Thousands of thumbnails, of which only those are drawn that are seen. Arrows move, shift chooses a stretch. */
export function PictureGrid({dataset, pictures, more, onMore, selection, onMove, onKey}: Props) {
  const {t} = useLingui();
  const names = useEmotionNames(), colours = useEmotionColours();
  const {ref: measured, width} = useElementSize<HTMLDivElement>();
  const box = useRef<HTMLDivElement>(null);
  const columns = Math.max(2, Math.floor((width - 8 + kGap) / (kSide + kGap)));
  const rows = Math.ceil(pictures.length / columns);
  const virtual = useVirtualizer({count: rows, getScrollElement: () => box.current, estimateSize: () => kSide + kGap, overscan: 3});
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => { if (more && last >= rows - 4) onMore(); }, [more, last, rows, onMore]);
  const cursorRow = Math.floor(selection.cursor / columns);
  useEffect(() => { if (rows > 0) virtual.scrollToIndex(Math.min(cursorRow, rows - 1)); }, [cursorRow, rows, virtual]);

  const key = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, PageDown: columns * 5, PageUp: -columns * 5, Home: -pictures.length, End: pictures.length};
    const by = steps[event.key];
    if (by === undefined) return onKey(event);
    event.preventDefault();
    const turned = document.documentElement.dir === 'rtl' && /Left|Right/.test(event.key) ? -by : by;
    onMove({kind: 'go', by: turned, extend: event.shiftKey, count: pictures.length});
  };
  const pick = (event: MouseEvent, at: number) => onMove({kind: 'pick', at, extend: event.shiftKey, toggle: event.ctrlKey || event.metaKey});

  return (
    <Box ref={measured}>
      <Box ref={box} className="py-grid" h={Math.min(kHeight, rows * (kSide + kGap) + 8)} p={4} tabIndex={0} role="listbox" aria-multiselectable aria-label={t`Pictures`}
        aria-activedescendant={pictures[selection.cursor] ? `picture-${pictures[selection.cursor]!.id}` : undefined} onKeyDown={key}>
        <Box role="presentation" h={virtual.getTotalSize()} style={{position: 'relative'}}>
          {items.map((row) => (
            <Box key={row.key} role="presentation" style={{position: 'absolute', insetInline: 0, top: 0, transform: `translateY(${row.start}px)`, display: 'grid', gridTemplateColumns: `repeat(${columns}, ${kSide}px)`, gap: kGap}}>
              {pictures.slice(row.index * columns, (row.index + 1) * columns).map((picture, c) => {
                const at = row.index * columns + c, label = picture.label;
                return (
                  <Box key={picture.id} id={`picture-${picture.id}`} role="option" aria-selected={selection.chosen.has(at)} aria-label={label ? t`${picture.name}, ${names[label]}` : t`${picture.name}, without a label`}
                    className="py-tile" data-cursor={at === selection.cursor || undefined} w={kSide} h={kSide} onClick={(event) => pick(event, at)}>
                    <img src={thumbnail(dataset, picture.id)} alt="" loading="lazy" decoding="async" draggable={false} />
                    {label && <span style={{borderInlineStartColor: colours[label]}}>{names[label]}</span>}
                  </Box>
                );
              })}
            </Box>
          ))}
        </Box>
      </Box>
      {width === 0 && <Skeleton height={kSide} />}
    </Box>
  );
}
