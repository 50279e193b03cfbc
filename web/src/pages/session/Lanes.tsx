import {Trans, useLingui} from '@lingui/react/macro';
import {Stack, useComputedColorScheme} from '@mantine/core';
import {useMemo} from 'react';
import {emotions} from '@/app/theme';
import {number, percent} from '@/shared/format';
import {useEmotionColours, useEmotionNames} from '@/shared/ui/emotions';
import {useLine} from './context';
import {Lane, type LaneChannel} from './Lane';

const asShare = (value: number) => percent(value), asDegrees = (value: number) => `${number(value)}°`;
/** Each expression has its own dashes as well as its own colour. */
const dashes: (number[] | undefined)[] = [undefined, [6, 3], [2, 3], undefined, [8, 3, 2, 3], [4, 4], [1, 4]];

/** Index, expressions, signs of fatigue, pose of the head, one under the other. */
export function Lanes({expressions}: {expressions: boolean}) {
  const {t} = useLingui();
  const {track} = useLine();
  const names = useEmotionNames();
  const colours = useEmotionColours();
  const dark = useComputedColorScheme('light') === 'dark';
  const [one, two, three] = dark ? ['#7fd0d3', '#ffb454', '#c79bf0'] : ['#155e63', '#b56508', '#7a3fa8'];
  const index = useMemo((): LaneChannel[] => [{channel: 'index', label: t`Index, last 60 s`, colour: one, width: 2, written: (value) => number(value)}], [t, one]);
  const faces = useMemo((): LaneChannel[] => emotions.map((emotion, at) => ({channel: emotion, label: names[emotion], colour: colours[emotion], dash: dashes[at], written: asShare})), [names, colours]);
  const fatigue = useMemo((): LaneChannel[] => [
    {channel: 'eye_openness', label: t`Eyes open`, colour: one, written: asShare},
    {channel: 'perclos', label: t`PERCLOS`, colour: two, dash: [6, 3], width: 2, written: asShare},
    {channel: 'mouth_openness', label: t`Mouth open`, colour: three, dash: [2, 3], written: asShare},
  ], [t, one, two, three]);
  const pose = useMemo((): LaneChannel[] => [
    {channel: 'yaw_deg', label: t`turned`, colour: one, written: asDegrees},
    {channel: 'pitch_deg', label: t`nodded`, colour: two, dash: [6, 3], written: asDegrees},
    {channel: 'roll_deg', label: t`tilted`, colour: three, dash: [2, 3], written: asDegrees},
  ], [t, one, two, three]);
  // The simulated sessions of the demo, and imported ones, have none.
  const posed = pose.some(({channel}) => track.columns[channel].known);
  const marks = useMemo(() => [{times: () => track.events.blink, colour: one}, {times: () => track.events.yawn, colour: two}], [track, one, two]);
  return (
    <Stack gap={4}>
      {expressions && <Lane title={<Trans>Index</Trans>} label={t`Index over the session`} channels={index} range={[0, 100]} />}
      {expressions && <Lane title={<Trans>Expressions</Trans>} label={t`Probability of each expression over the session`} channels={faces} range={[0, 1]} height={130} />}
      <Lane title={<Trans>Fatigue</Trans>} label={t`Signs of fatigue over the session; short marks are blinks and yawns`} channels={fatigue} range={[0, 1]} marks={marks} last={!posed} />
      {posed && <Lane title={<Trans>Head</Trans>} label={t`Pose of the head over the session, in degrees`} channels={pose} range={[-45, 45]} height={80} last />}
    </Stack>
  );
}
