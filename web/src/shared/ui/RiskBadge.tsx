import {useLingui} from '@lingui/react/macro';
import {Badge, useComputedColorScheme} from '@mantine/core';
import {IconArrowDown, IconArrowUp, IconArrowUpRight, IconMinus} from '@tabler/icons-react';
import {riskColours, type Risk} from '@/app/theme';

export function useRiskNames(): Record<Risk, string> {
  const {t} = useLingui();
  return {low: t`Low`, moderate: t`Moderate`, elevated: t`Elevated`, high: t`High`};
}

/** A risk level by word, sign and colour: never by colour alone. */
export function RiskBadge({risk}: {risk: Risk}) {
  const names = useRiskNames();
  const scheme = useComputedColorScheme('light');
  const Icon = {low: IconArrowDown, moderate: IconMinus, elevated: IconArrowUpRight, high: IconArrowUp}[risk];
  const {[scheme]: ink, tint} = riskColours[risk];
  return (
    <Badge variant="filled" tt="none" radius="sm" leftSection={<Icon size={13} aria-hidden />} styles={{root: {background: tint[scheme], color: ink, flexShrink: 0}}}>
      {names[risk]}
    </Badge>
  );
}
