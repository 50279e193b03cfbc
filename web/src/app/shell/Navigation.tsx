import {useLingui} from '@lingui/react/macro';
import {NavLink, Text} from '@mantine/core';
import {
  IconActivityHeartbeat, IconBrain, IconChartDots, IconClipboardHeart, IconClipboardList, IconDatabase, IconHome, IconMoodSmile, IconPhotoScan, IconSchool,
  IconSettings, IconTimeline, IconUsers, IconUsersGroup, IconVideo,
} from '@tabler/icons-react';
import {Link, useLocation} from '@tanstack/react-router';
import type {ComponentType} from 'react';
import type {Account, Site} from '@/app/account';
import {shows, type Place} from './places';

type Role = Account['role'];
interface Entry extends Place {
  to: string;
  label: string;
  icon: ComponentType<{size?: number; stroke?: number}>;
}

/** Where each role can go, in the order of its day. The server decides what is really allowed. */
function useEntries(): {title: string | null; entries: Entry[]}[] {
  const {t} = useLingui();
  const care = ['clinician'] as const, science = ['researcher', 'administrator'] as const;
  return [
    {title: null, entries: [
      {to: '/', label: t`Home`, icon: IconHome, roles: ['administrator', 'clinician', 'researcher', 'organisation_lead', 'participant']},
      {to: '/check-in', label: t`Check-in`, icon: IconMoodSmile, roles: ['participant']},
      {to: '/me', label: t`My record`, icon: IconActivityHeartbeat, roles: ['participant']},
      {to: '/live', label: t`Live session`, icon: IconVideo, roles: care, people: true},
      {to: '/people', label: t`People`, icon: IconUsers, roles: ['clinician', 'researcher'], people: true},
      {to: '/sessions', label: t`Sessions`, icon: IconTimeline, roles: ['clinician', 'researcher'], people: true},
      {to: '/surveys', label: t`Surveys`, icon: IconClipboardList, roles: ['clinician', 'researcher', 'participant', 'administrator']},
      {to: '/analytics', label: t`Analytics`, icon: IconChartDots, roles: ['clinician', 'researcher'], people: true, expressions: true},
    ]},
    {title: t`Research`, entries: [
      {to: '/studies', label: t`Studies`, icon: IconClipboardHeart, roles: ['researcher'], people: true},
      {to: '/data', label: t`Data sets`, icon: IconDatabase, roles: ['researcher'], people: true, expressions: true},
      {to: '/training', label: t`Training`, icon: IconSchool, roles: ['researcher'], people: true, expressions: true},
      {to: '/batch', label: t`Batch prediction`, icon: IconPhotoScan, roles: ['researcher', 'clinician'], people: true, expressions: true},
      {to: '/models', label: t`Models`, icon: IconBrain, roles: science},
    ]},
    {title: t`Site`, entries: [
      {to: '/admin', label: t`Administration`, icon: IconSettings, roles: ['administrator']},
      {to: '/groups', label: t`Groups`, icon: IconUsersGroup, roles: ['organisation_lead', 'administrator'], people: true},
    ]},
  ];
}

export function Navigation({role, mode}: {role: Role; mode: Site['mode']}) {
  const {pathname} = useLocation();
  const active = (to: string) => (to === '/' ? pathname === '/' : pathname === to || pathname.startsWith(`${to}/`));
  return (
    <div>
      {useEntries().map(({title, entries}) => {
        const mine = entries.filter((entry) => shows(entry, role, mode));
        return mine.length > 0 && (
          <div key={title ?? ''}>
            {title && <Text size="xs" fw={600} c="dimmed" px="sm" pt="md" pb={4}>{title}</Text>}
            {mine.map(({to, label, icon: Icon}) => (
              <NavLink key={to} component={Link} to={to} label={label} active={active(to)} aria-current={active(to) ? 'page' : undefined} leftSection={<Icon size={18} stroke={1.7} aria-hidden />} style={{borderRadius: 8}} />
            ))}
          </div>
        );
      })}
    </div>
  );
}
