import './confusion.css';
import {Trans, useLingui} from '@lingui/react/macro';
import {Box, Text, VisuallyHidden} from '@mantine/core';
import {useRef, useState, type KeyboardEvent} from 'react';
import {emotions, type Emotion} from '@/app/theme';
import {number, percent} from '@/shared/format';
import {useEmotionNames} from '@/shared/ui/emotions';

interface Props {
  confusion: readonly (readonly number[])[];
  onCell?: ((label: Emotion, predicted: Emotion) => void) | undefined;
}

// Light enough below, dark enough above, for the ink on it to be read.
const kMostTint = 52;

/** Rows: what the label says; columns: what the model says. Arrow keys move, Enter opens the pictures of a cell. */
export function ConfusionMatrix({confusion, onCell}: Props) {
  const {t} = useLingui();
  const names = useEmotionNames();
  const box = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState<readonly [number, number]>([0, 0]);
  const move = (event: KeyboardEvent) => {
    const step = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]}[event.key];
    if (!step) return;
    event.preventDefault();
    const within = (value: number) => Math.max(0, Math.min(emotions.length - 1, value));
    const next = [within(at[0] + step[0]!), within(at[1] + step[1]!)] as const;
    setAt(next);
    box.current?.querySelector<HTMLButtonElement>(`[data-cell="${next[0]}-${next[1]}"]`)?.focus();
  };
  return (
    <Box maw="100%" style={{overflowX: 'auto'}} tabIndex={0} role="region" aria-label={t`Confusion matrix`}>
      <table className="py-confusion" ref={box} onKeyDown={move} aria-label={t`Confusion matrix: rows are the labels, columns what the model says`}>
        <thead>
          <tr>
            <td><Text size="xs" c="dimmed" px={6}><Trans>Label ↓ · model →</Trans></Text></td>
            {emotions.map((each) => <th key={each} scope="col">{names[each]}</th>)}
            <th scope="col"><Text size="xs" c="dimmed"><Trans>All</Trans></Text></th>
          </tr>
        </thead>
        <tbody>
          {emotions.map((label, row) => {
            const counts = confusion[row] ?? [];
            const all = counts.reduce((sum, each) => sum + each, 0);
            return (
              <tr key={label}>
                <th scope="row" style={{textAlign: 'start'}}>{names[label]}</th>
                {emotions.map((predicted, column) => {
                  const count = counts[column] ?? 0, share = all > 0 ? count / all : 0;
                  const tint = Math.round(share * kMostTint);
                  return (
                    <td key={predicted}>
                      <button type="button" className="py-cell" data-cell={`${row}-${column}`} data-right={row === column || undefined} disabled={!onCell}
                        tabIndex={at[0] === row && at[1] === column ? 0 : -1} onFocus={() => setAt([row, column])} onClick={() => onCell?.(label, predicted)}
                        style={{background: `color-mix(in srgb, var(--py-tint) ${tint}%, var(--py-paper))`}}>
                        {number(count)}{count > 0 && <small>{percent(share)}</small>}<VisuallyHidden>{t`${names[label]} taken for ${names[predicted]}`}</VisuallyHidden>
                      </button>
                    </td>
                  );
                })}
                <td><Text size="sm" c="dimmed" className="py-number" px={6} ta="end">{number(all)}</Text></td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Box>
  );
}
