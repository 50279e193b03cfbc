import {useLingui} from '@lingui/react/macro';
import {Box} from '@mantine/core';
import {IconNote} from '@tabler/icons-react';
import {useEffect, useRef, useState, type CSSProperties, type PointerEvent} from 'react';
import type {Note} from '@/api/records';
import {kLeft, kRight, useLine} from './context';
import {noteSeconds, written, type Interval} from './intervals';
import classes from './timeline.module.css';

export type Chosen = {kind: 'keyword'; id: string} | {kind: 'note'; id: string} | null;

interface Props {
  intervals: readonly Interval[];
  notes: readonly Note[];
  chosen: Chosen;
  onChoose: (chosen: Chosen) => void;
  /** An end of an interval was dragged there. Absent: nothing can be changed. */
  onMove?: (interval: Interval, from: number, until: number) => void;
  /** A stretch was drawn where nothing was. */
  onDraw?: (from: number, until: number) => void;
}

const kRow = 28;
type Styled = CSSProperties & {'--from': number; '--until': number};

/** Keywords as intervals and notes as signs, under the lanes' time: chosen, drawn anew, their ends dragged. */
export function IntervalLane({intervals, notes, chosen, onChoose, onMove, onDraw}: Props) {
  const {t} = useLingui();
  const {window, frames} = useLine();
  const box = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<{id: string; from: number; until: number} | null>(null);
  const [draft, setDraft] = useState<{from: number; until: number} | null>(null);
  const hold = useRef<{interval: Interval; end: 'from' | 'until'} | null>(null);

  useEffect(() => {
    const place = () => {
      box.current?.style.setProperty('--w0', String(window.min));
      box.current?.style.setProperty('--ws', String(1 / (window.max - window.min)));
    };
    place();
    return window.listen(place);
  }, [window]);

  const timeAt = (event: PointerEvent) => {
    const around = box.current?.getBoundingClientRect();
    if (!around) return 0;
    const share = Math.min(1, Math.max(0, (event.clientX - around.left) / around.width));
    return window.min + share * (window.max - window.min);
  };
  const grab = (interval: Interval, end: 'from' | 'until') => (event: PointerEvent<HTMLElement>) => {
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    hold.current = {interval, end};
    setDragged({id: interval.keyword.id, from: interval.from, until: interval.until});
  };
  const drag = (event: PointerEvent) => {
    const held = hold.current;
    if (!held) return;
    const at = timeAt(event), {from, until} = held.interval;
    setDragged({id: held.interval.keyword.id, from: held.end === 'from' ? Math.min(at, until - 0.1) : from, until: held.end === 'until' ? Math.max(at, from + 0.1) : until});
  };
  const drop = () => {
    const held = hold.current;
    hold.current = null;
    if (held && dragged && (dragged.from !== held.interval.from || dragged.until !== held.interval.until)) onMove?.(held.interval, dragged.from, dragged.until);
    setDragged(null);
  };
  const begin = (event: PointerEvent<HTMLDivElement>) => {
    if (!onDraw || event.target !== event.currentTarget || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = timeAt(event);
    setDraft({from: at, until: at});
  };
  const draw = (event: PointerEvent) => draft && setDraft({from: draft.from, until: timeAt(event)});
  const finish = () => {
    if (draft) {
      const [from, until] = [Math.min(draft.from, draft.until), Math.max(draft.from, draft.until)];
      if (until - from > (window.max - window.min) / 200) onDraw?.(from, until);
      else onChoose(null);
    }
    setDraft(null);
  };
  const rows = intervals.reduce((most, {row}) => Math.max(most, row + 1), 0);
  const at = (from: number, until: number): Styled => ({'--from': from, '--until': until});
  return (
    <Box ref={box} className={classes.intervals} dir="ltr" style={{marginLeft: kLeft, marginRight: kRight, height: kRow * (Math.max(1, rows) + (notes.length > 0 ? 1 : 0)) + 6, cursor: onDraw ? 'crosshair' : undefined}}
      role="group" aria-label={t`Keywords and notes`} onPointerDown={begin} onPointerMove={draw} onPointerUp={finish} onPointerCancel={() => setDraft(null)}>
      {draft && <span className={classes.draft} style={at(Math.min(draft.from, draft.until), Math.max(draft.from, draft.until))} />}
      {notes.map((note) => {
        const seconds = noteSeconds(note, frames);
        return (
          <button key={note.id} type="button" className={classes.note} style={at(seconds, seconds)} data-chosen={(chosen?.kind === 'note' && chosen.id === note.id) || undefined} title={note.text}
            aria-label={t`Note at ${written(seconds)}: ${note.text}`} onClick={() => onChoose({kind: 'note', id: note.id})}>
            <IconNote size={20} aria-hidden />
          </button>
        );
      })}
      {intervals.map((interval) => {
        const {keyword, row, open} = interval;
        const {from, until} = dragged?.id === keyword.id ? dragged : interval;
        const isChosen = chosen?.kind === 'keyword' && chosen.id === keyword.id;
        return (
          <button key={keyword.id} type="button" className={classes.item} data-chosen={isChosen || undefined} data-open={open || undefined} title={`${keyword.word}: ${written(from)} – ${written(until)}`}
            aria-label={t`Keyword ${keyword.word}, ${written(from)} to ${written(until)}`} style={{...at(from, until), top: 2 + kRow * (row + (notes.length > 0 ? 1 : 0))}} onClick={() => onChoose({kind: 'keyword', id: keyword.id})}>
            {keyword.word}
            {onMove && isChosen && <span className={`${classes.end} ${classes.endStart}`} onPointerDown={grab(interval, 'from')} onPointerMove={drag} onPointerUp={drop} onPointerCancel={drop} />}
            {onMove && isChosen && <span className={`${classes.end} ${classes.endEnd}`} onPointerDown={grab(interval, 'until')} onPointerMove={drag} onPointerUp={drop} onPointerCancel={drop} />}
          </button>
        );
      })}
    </Box>
  );
}
