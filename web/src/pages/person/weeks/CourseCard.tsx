import {Trans, useLingui} from '@lingui/react/macro';
import {Anchor, Box, Group, Select, Stack, Text, useComputedColorScheme} from '@mantine/core';
import {Link} from '@tanstack/react-router';
import {useMemo, useState, type ReactNode} from 'react';
import type uPlot from 'uplot';
import {mainFace, type Session, type SurveyResponse, type Trend} from '@/api/records';
import {riskColours} from '@/app/theme';
import {TimeSeries, type Line} from '@/shared/charts/TimeSeries';
import {WithTable} from '@/shared/charts/WithTable';
import {date, number} from '@/shared/format';
import {Card} from '@/shared/ui/Card';
import {useRiskNames} from '@/shared/ui/RiskBadge';
import {columnsOf, courseOf, sessionPoints, surveyPoints, type Course} from './course';
import {WeekStrip} from './WeekStrip';

interface Scale {
  instrument: string;
  scale: string;
  label: string;
}

interface Props {
  trend: Trend;
  sessions: readonly Session[];
  responses: readonly SurveyResponse[];
  scales: ReadonlyMap<string, Scale>;
  /** Followed is this scale; null: the index. */
  measured: Scale | null;
  choose: ReactNode;
}

/** Change points as dashed lines, thresholds of the levels as faint ones. */
function marks(course: Course, ink: string, levels: readonly string[]): uPlot.Plugin {
  return {
    hooks: {
      drawAxes: (u) => {
        const {ctx, bbox} = u;
        ctx.save();
        ctx.lineWidth = 1;
        course.thresholds.forEach((value, at) => {
          const y = Math.round(u.valToPos(value, 'y', true)) + 0.5;
          if (y < bbox.top || y > bbox.top + bbox.height) return;
          ctx.strokeStyle = levels[at] ?? ink;
          ctx.setLineDash([2, 5]);
          ctx.beginPath();
          ctx.moveTo(bbox.left, y);
          ctx.lineTo(bbox.left + bbox.width, y);
          ctx.stroke();
        });
        ctx.strokeStyle = ink;
        ctx.setLineDash([6, 4]);
        for (const {x} of course.changes) {
          const at = Math.round(u.valToPos(x, 'x', true)) + 0.5;
          if (at < bbox.left || at > bbox.left + bbox.width) continue;
          ctx.beginPath();
          ctx.moveTo(at, bbox.top);
          ctx.lineTo(at, bbox.top + bbox.height);
          ctx.stroke();
        }
        ctx.restore();
      },
    },
  };
}

function Key({colour, children, dash, dots, point, band}: {colour: string; children: ReactNode; dash?: boolean; dots?: boolean; point?: boolean; band?: boolean}) {
  return (
    <Group gap={6} wrap="nowrap">
      <svg width={22} height={10} aria-hidden>
        {band ? <rect y={1} width={22} height={8} fill={colour} opacity={0.25} /> : point ? <circle cx={11} cy={5} r={3.5} fill={colour} /> : <line x1={0} x2={22} y1={5} y2={5} stroke={colour} strokeWidth={2} strokeDasharray={dash ? '5 3' : dots ? '2 3' : undefined} />}
      </svg>
      <Text size="xs" c="dimmed">{children}</Text>
    </Group>
  );
}

export function CourseCard({trend, sessions, responses, scales, measured, choose}: Props) {
  const {t} = useLingui();
  const scheme = useComputedColorScheme('light');
  const names = useRiskNames();
  const [beside, setBeside] = useState<string | null>(() => scales.keys().next().value ?? null);
  const other = measured ? undefined : beside ? scales.get(beside) : undefined;
  const course = useMemo(() => courseOf(trend,
    measured ? surveyPoints(responses, measured.instrument, measured.scale, 'score') : sessionPoints(sessions),
    other ? surveyPoints(responses, other.instrument, other.scale, 'percent') : []), [trend, measured, other, responses, sessions]);
  const data = useMemo(() => columnsOf(course) as uPlot.AlignedData, [course]);
  const [range, setRange] = useState<{min: number; max: number} | null>(null);
  const main = scheme === 'dark' ? '#7fd0d3' : '#155e63', accent = scheme === 'dark' ? '#ffb454' : '#b56508', dim = scheme === 'dark' ? '#8fa3ab' : '#7b8a91';
  const readings = measured ? measured.label : t`Session`;
  const lines = useMemo((): Line[] => [
    {label: 'high', colour: 'transparent', spans: true, bandTo: 1, fill: scheme === 'dark' ? 'rgba(127,208,211,.22)' : 'rgba(21,94,99,.16)'},
    {label: 'low', colour: 'transparent', spans: true},
    {label: t`Level`, colour: main, width: 2.2, spans: true},
    {label: readings, colour: dim, loose: true},
    {label: other?.label ?? '', colour: accent, loose: true},
  ], [scheme, main, accent, dim, other, readings, t]);
  const plugins = useMemo(() => [marks(course, accent, [riskColours.moderate[scheme], riskColours.elevated[scheme], riskColours.high[scheme]])], [course, accent, scheme]);
  const rows = () => trend.weeks.map((week) => [
    date(`${week.monday}T12:00:00`), String(week.days), number(week.value, 1), week.level ? names[week.level] : '–', week.changed ? t`level changed` : '', number(week.perclos === null ? null : week.perclos * 100, 1),
  ]);
  const model = sessions.find((session) => mainFace(session))?.id;
  return (
    <Card title={measured ? measured.label : <Trans>Index over the weeks</Trans>} aside={choose}>
      <WithTable caption={t`Weekly risk log`} columns={[t`Week of`, t`Days`, t`Value`, t`Risk`, t`Change`, t`PERCLOS, %`]} rows={rows}>
        <Stack gap="xs">
          <Group gap="md">
            <Key colour={dim} point>{readings}</Key>
            <Key colour={main}><Trans>Level</Trans></Key>
            <Key colour={main} band><Trans>its 95 % band</Trans></Key>
            {course.thresholds.length > 0 && <Key colour={riskColours.elevated[scheme]} dots><Trans>where the next level begins</Trans></Key>}
            {course.changes.length > 0 && <Key colour={accent} dash><Trans>change point</Trans></Key>}
            {!measured && scales.size > 0 && (
              <Group gap={6} wrap="nowrap">
                <svg width={10} height={10} aria-hidden><circle cx={5} cy={5} r={3.5} fill={accent} /></svg>
                <Select size="xs" variant="unstyled" w={{base: 230, sm: 320}} aria-label={t`Questionnaire on the same axis, in per cent of its range`} placeholder={t`no questionnaire`} clearable value={beside} onChange={setBeside}
                  data={[...scales].map(([value, {label}]) => ({value, label}))} />
              </Group>
            )}
          </Group>
          <TimeSeries label={t`Course over time; the same figures stand in the table`} data={data} lines={lines} height={260} range={measured ? undefined : [0, 100]} plugins={plugins}
            onRange={(min, max) => setRange((now) => (now?.min === min && now.max === max ? now : {min, max}))} />
          <WeekStrip weeks={trend.weeks} min={range?.min ?? course.from} max={range?.max ?? course.until} />
          <Text size="xs" c="dimmed">
            {!measured && scales.size > 0 && <><Trans>Questionnaires stand in per cent of their range.</Trans> </>}
            <Trans>Drag over the chart to zoom, double click for all.</Trans>
          </Text>
          {model && <Box className="py-no-print"><Anchor component={Link} to={`/sessions/${model}`} size="sm"><Trans>Open the newest session</Trans></Anchor></Box>}
        </Stack>
      </WithTable>
    </Card>
  );
}
