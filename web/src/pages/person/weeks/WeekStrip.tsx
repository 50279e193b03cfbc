import {useLingui} from '@lingui/react/macro';
import {Box, Text, useComputedColorScheme} from '@mantine/core';
import type {Trend} from '@/api/records';
import {riskColours, risks} from '@/app/theme';
import {date, number} from '@/shared/format';
import {useRiskNames} from '@/shared/ui/RiskBadge';
import {midnight, plusDays} from './days';
import classes from './WeekStrip.module.css';

/** Where the chart above has its axis and its margin. */
const kLeft = 44, kRight = 25;

/** Weeks by level on the chart's axis: the word where there is room, its first letter where there is little; the height of the bar tells it too. */
export function WeekStrip({weeks, min, max}: {weeks: Trend['weeks']; min: number; max: number}) {
  const {t} = useLingui();
  const names = useRiskNames();
  const scheme = useComputedColorScheme('light');
  const span = max - min;
  if (span <= 0) return null;
  return (
    <Box component="ol" aria-label={t`Weekly risk`} dir="ltr" className={classes.strip} style={{marginLeft: kLeft, marginRight: kRight}}>
      {weeks.map((week) => {
        const from = midnight(week.monday), until = midnight(plusDays(week.monday, 7));
        if (until <= min || from >= max) return null;
        const left = Math.max(0, (from - min) / span), right = Math.min(1, (until - min) / span);
        const level = week.level;
        const word = level ? names[level] : t`not rated`;
        const title = t`Week of ${date(`${week.monday}T12:00:00`)}: ${word}, value ${number(week.value, 1)}, ${week.days} days`;
        return (
          <li key={week.week} className={classes.week} title={title} style={{left: `${left * 100}%`, width: `${(right - left) * 100}%`}}>
            <span className={classes.hidden}>{title}</span>
            <span aria-hidden className={classes.bar} style={level ? {height: `${46 + 18 * risks.indexOf(level)}%`, background: riskColours[level].tint[scheme], borderTop: `3px solid ${riskColours[level][scheme]}`} : {height: '12%', background: 'var(--py-line)'}} />
            {level && <Text aria-hidden component="span" className={classes.word} style={{color: riskColours[level][scheme]}}><span className={classes.long}>{word}</span><span className={classes.short}>{word.slice(0, 1)}</span></Text>}
          </li>
        );
      })}
    </Box>
  );
}
