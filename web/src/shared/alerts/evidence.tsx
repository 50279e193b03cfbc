// How sure an alert is, in the language of whoever reads it.
import {plural} from '@lingui/core/macro';
import {useLingui} from '@lingui/react/macro';
import {Text} from '@mantine/core';
import type {components} from '@/api/schema';
import {date, number, percent, signed} from '@/shared/format';
import {midnightOf} from '@/shared/format/days';
import {useRiskNames} from '@/shared/ui/RiskBadge';

type Alert = components['schemas']['Alert'];
type Ground = components['schemas']['AlertGround'];

function useSentence() {
  const {t} = useLingui();
  const levels = useRiskNames();
  return (ground: Ground): string => {
    switch (ground.what) {
      case 'level': return t`Level “${levels[ground.level]}” or above in ${plural(ground.weeks, {one: 'the last week', other: 'the last # weeks'})} with a level (${ground.from} to ${ground.until}), which rest on ${plural(ground.days, {one: '# day', other: '# days'})} with a value.`;
      case 'perclos': return t`Eyes at least 80 % closed for ${percent(ground.share)} of the time or more in each of the last ${plural(ground.weeks, {one: '# week', other: '# weeks'})} that know it (weekly medians of sessions; the last: ${percent(ground.last)}).`;
      case 'rise': return t`The level rose from “${levels[ground.from]}” to “${levels[ground.to]}” in week ${ground.week}; two weeks in a row had reached it (the last: ${plural(ground.days, {one: '# day', other: '# days'})} with a value).`;
      case 'trend': return t`Trend ${signed(ground.per_week, 2)} a week (95 % interval ${signed(ground.low, 2)} to ${signed(ground.high, 2)}, p = ${number(ground.p, 4)} allowing for days being alike) over ${plural(ground.days, {one: '# day', other: '# days'})} with a value.`;
      case 'change_point': return t`The usual value went from ${number(ground.before, 1)} to ${number(ground.after, 1)} (medians) about ${date(midnightOf(ground.day))}.`;
      case 'reliable_change': return t`From ${number(ground.before, 1)} to ${number(ground.after, 1)}: ${number(ground.errors, 1)} standard errors of their difference (beyond 1.96 counts).`;
      case 'silence': return t`${ground.weeks} of the last ${ground.of} weeks have too few days with a value to say anything.`;
    }
  };
}

/** Of alerts from before their numbers were kept, the sentence that was. */
export function Evidence({alert}: {alert: Alert}) {
  const sentence = useSentence();
  const told = alert.grounds?.map(sentence).join(' ') ?? alert.evidence;
  return told && <Text size="xs" c="dimmed">{told}</Text>;
}
