import {useLingui} from '@lingui/react/macro';
import {Skeleton, VisuallyHidden} from '@mantine/core';
import {IconUsersMinus} from '@tabler/icons-react';
import type {CSSProperties} from 'react';
import {month as monthName} from '@/shared/format';
import classes from './MonthGrid.module.css';
import {middleOf, strengthOf} from './months';

/** A figure of a month, or why there is none. */
export type MonthCell = {state: 'value'; value: number; people: number} | {state: 'few'} | {state: 'wait'} | {state: 'none'};

interface Props {
  label: string;
  months: readonly string[];
  rows: readonly {key: string; name: string; cells: readonly MonthCell[]}[];
  range: readonly [number, number];
  format: (value: number) => string;
}

const shortMonth = (month: string, language: string) => new Intl.DateTimeFormat(language, {month: 'short', timeZone: 'UTC'}).format(middleOf(month));

/** A calendar of months as a heat map: a row a team, a column a month. A table with its figures written, so that nothing is told by colour alone. */
export function MonthGrid({label, months, rows, range, format}: Props) {
  const {t, i18n} = useLingui();
  const years = months.reduce<{year: string; count: number}[]>((out, month) => {
    const year = month.slice(0, 4);
    const last = out.at(-1);
    if (last?.year === year) last.count += 1;
    else out.push({year, count: 1});
    return out;
  }, []);
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={classes.grid}>
        <caption><VisuallyHidden>{label}</VisuallyHidden></caption>
        <thead>
          <tr><td aria-hidden style={{width: 150, height: 'auto'}} />{years.map(({year, count}) => <th key={year} colSpan={count} scope="colgroup">{year}</th>)}</tr>
          <tr><th scope="row"><VisuallyHidden>{t`Team`}</VisuallyHidden></th>{months.map((month) => <th key={month} scope="col" title={monthName(middleOf(month))}>{shortMonth(month, i18n.locale)}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map(({key, name, cells}) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              {cells.map((cell, at) => {
                const month = monthName(middleOf(months[at] ?? ''));
                if (cell.state === 'wait') return <td key={month}><Skeleton height={40} radius={6} /></td>;
                if (cell.state === 'few') return <td key={month} className={classes.few} title={t`${month}: too few people to say something without saying something of one of them`}><IconUsersMinus size={15} aria-hidden /><VisuallyHidden>{t`Too few people`}</VisuallyHidden></td>;
                if (cell.state === 'none') return <td key={month} className={classes.none}>–</td>;
                const style = {'--strength': strengthOf(cell.value, range[0], range[1])} as CSSProperties;
                return <td key={month} className={classes.value} style={style} title={t`${month}: ${format(cell.value)}, of at least ${cell.people} people`}>{format(cell.value)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
