// What licences, levels and directions of questionnaires are called.
import {useLingui} from '@lingui/react/macro';
import {Badge} from '@mantine/core';
import type {Survey} from './queries';

export function useLicenceNames(): Record<string, string> {
  const {t} = useLingui();
  return {own: t`Our own`, free: t`Free`, free_with_conditions: t`Free with conditions`, 'free with conditions': t`Free with conditions`, licensed: t`Licence needed`};
}

/** The level of the score itself: a low well-being is no good sign. */
export function useLevelNames(): Record<string, string> {
  const {t} = useLingui();
  return {low: t`low`, moderate: t`moderate`, high: t`high`};
}

export function LicenceBadge({survey}: {survey: Survey}) {
  const names = useLicenceNames();
  return <Badge variant="light" color={survey.licence.status === 'licensed' ? 'ember' : 'petrol'} tt="none" style={{flexShrink: 0}}>{names[survey.licence.status] ?? survey.licence.status}</Badge>;
}
