import {Trans, useLingui} from '@lingui/react/macro';
import {Box, Group, Table, Text, TextInput} from '@mantine/core';
import {useMemo, useState, type ReactNode} from 'react';
import {mainFace, type FaceSummary, type Session, type SurveyResponse} from '@/api/records';
import {emotions} from '@/app/theme';
import {number, signed} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {useEmotionNames} from '@/shared/ui/emotions';
import {dayOf, defaultPeriods} from './days';
import {byDay, compare, within} from './stats';

interface Props {
  sessions: readonly Session[];
  responses: readonly SurveyResponse[];
  scales: ReadonlyMap<string, {instrument: string; scale: string; label: string}>;
  expressions: boolean;
}

type Period = [string, string];

function Days({label, value, onChange}: {label: ReactNode; value: Period; onChange: (value: Period) => void}) {
  const {t} = useLingui();
  const one = (at: 0 | 1, name: string) => (
    <TextInput type="date" size="xs" aria-label={name} value={value[at]} w={140}
      onChange={(event) => { const day = event.currentTarget.value; if (day) onChange(at === 0 ? [day, value[1]] : [value[0], day]); }} />
  );
  return (
    <Group gap={6} role="group" wrap="wrap">
      <Text size="sm" fw={600} miw={70}>{label}</Text>{one(0, t`From`)}<Text size="sm" c="dimmed">–</Text>{one(1, t`Until`)}
    </Group>
  );
}

/** Two stretches of time beside each other: means of days, and how sure the difference is. */
export function Compare({sessions, responses, scales, expressions}: Props) {
  const {t} = useLingui();
  const names = useEmotionNames();
  const figures = useMemo(() => {
    const ended = sessions.filter((session) => session.ended && mainFace(session));
    const of = (value: (face: FaceSummary) => number | null | undefined) => byDay(ended, (session) => dayOf(session.started), (session) => { const face = mainFace(session); return face ? value(face) : null; });
    const out: {key: string; label: string; unit: string; days: Map<string, number>; digits: number}[] = [];
    if (expressions) out.push({key: 'index', label: t`Index`, unit: '', days: of((face) => face.index), digits: 1});
    for (const [key, {instrument, scale, label}] of scales) {
      out.push({key, label, unit: '', digits: 1, days: byDay(responses.filter((response) => response.instrument === instrument), (response) => dayOf(response.taken), (response) => response.score.scales.find((each) => each.scale === scale)?.score)});
    }
    out.push({key: 'perclos', label: t`PERCLOS`, unit: ' %', days: of((face) => (face.perclos === null ? null : face.perclos * 100)), digits: 1});
    out.push({key: 'blinks', label: t`Blinks a minute`, unit: '', days: of((face) => face.blink_rate_per_min), digits: 1});
    if (expressions) {
      emotions.forEach((emotion, at) => out.push({key: emotion, label: names[emotion], unit: ' %', days: of((face) => { const share = face.p?.[at]; return share === undefined ? null : share * 100; }), digits: 1}));
    }
    return out.filter(({days}) => days.size > 1);
  }, [sessions, responses, scales, expressions, names, t]);
  const all = figures.flatMap(({days}) => [...days.keys()]).sort();
  const first = all[0], last = all.at(-1);
  const [chosen, setChosen] = useState<{before?: Period; after?: Period}>({});
  if (!first || !last || first === last) return null;
  const standard = defaultPeriods(first, last);
  const before = chosen.before ?? standard.before, after = chosen.after ?? standard.after;
  return (
    <Card title={<Trans>Two periods compared</Trans>} lead={<Trans>Means of days with a value. The interval takes days as independent of each other; since neighbouring days are alike, it is somewhat too narrow.</Trans>}>
      <Group gap="xl" mb="sm">
        <Days label={<Trans>Before</Trans>} value={before} onChange={(period) => setChosen({...chosen, before: period})} />
        <Days label={<Trans>After</Trans>} value={after} onChange={(period) => setChosen({...chosen, after: period})} />
      </Group>
      <Box style={{overflowX: 'auto'}} tabIndex={0} role="region" aria-label={t`Two periods compared`}>
        <Table verticalSpacing={6} fz="sm" aria-label={t`Two periods compared`} miw={560}>
          <Table.Thead><Table.Tr><Table.Th /><Table.Th ta="end"><Trans>Before</Trans></Table.Th><Table.Th ta="end"><Trans>After</Trans></Table.Th><Table.Th ta="end"><Trans>Difference</Trans></Table.Th><Table.Th ta="end"><Trans>95 % interval</Trans></Table.Th><Table.Th ta="end"><Trans>Days</Trans></Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {figures.map(({key, label, unit, days, digits}) => {
              const found = compare(within(days, before), within(days, after));
              const clear = found?.interval && (found.interval[0] > 0 || found.interval[1] < 0);
              return (
                <Table.Tr key={key}>
                  <Table.Th scope="row" fw={500}>{label}</Table.Th>
                  <Table.Td ta="end" className="py-number">{found ? `${number(found.before, digits)}${unit}` : '–'}</Table.Td>
                  <Table.Td ta="end" className="py-number">{found ? `${number(found.after, digits)}${unit}` : '–'}</Table.Td>
                  <Table.Td ta="end" className="py-number" fw={clear ? 700 : undefined}>{found ? signed(found.difference, digits) : '–'}</Table.Td>
                  <Table.Td ta="end" className="py-number">{found?.interval ? <Trans>{signed(found.interval[0], digits)} to {signed(found.interval[1], digits)}</Trans> : '–'}</Table.Td>
                  <Table.Td ta="end" className="py-number">{found ? `${found.daysBefore} / ${found.daysAfter}` : '–'}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Box>
      <Text size="xs" c="dimmed" mt={6}><Trans>Bold: the interval leaves out zero. With many rows, one in twenty does so by chance alone.</Trans></Text>
    </Card>
  );
}
