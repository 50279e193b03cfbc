import {useLingui} from '@lingui/react/macro';
import {Select} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {useMemo} from 'react';
import {membershipsQuery} from '@/api/records';
import {useAccount} from '@/app/account';

interface Teams {
  names: {value: string; label: string}[];
  /** Of the team's people those in one's care. */
  peopleOf: (team: string) => ReadonlySet<string>;
}

/** The teams of one's people; none where that is not to be seen. */
export function useTeams(): Teams {
  const {account} = useAccount();
  const {data} = useQuery({...membershipsQuery, enabled: account.role === 'clinician'});
  return useMemo(() => {
    const people = new Map<string, Set<string>>(), names = new Map<string, string>();
    for (const {team, team_name, person} of data ?? []) {
      names.set(team, team_name ?? team);
      const known = people.get(team);
      if (known) known.add(person);
      else people.set(team, new Set([person]));
    }
    return {
      names: [...names].map(([value, label]) => ({value, label})).sort((a, b) => a.label.localeCompare(b.label)),
      peopleOf: (team) => people.get(team) ?? new Set(),
    };
  }, [data]);
}

/** One of them, or all; nothing to choose where there are none. */
export function TeamPicker({teams, value, onChange}: {teams: Teams; value: string | null; onChange: (team: string | null) => void}) {
  const {t} = useLingui();
  if (teams.names.length === 0) return null;
  return <Select label={t`Team`} placeholder={t`all`} clearable searchable={teams.names.length > 8} w={{base: '100%', xs: 200}} data={teams.names} value={value} onChange={onChange} />;
}
