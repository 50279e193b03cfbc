import {Trans, useLingui} from '@lingui/react/macro';
import {Button, Group, Text, TextInput} from '@mantine/core';
import {IconSearch, IconUserPlus, IconUsers} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {useNavigate} from '@tanstack/react-router';
import {useDeferredValue, useMemo, useState} from 'react';
import {overviewQuery, peopleQuery, type Person} from '@/api/records';
import {showsExpressions, useAccount} from '@/app/account';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {NotADiagnosis} from '@/shared/ui/NotADiagnosis';
import {Page} from '@/shared/ui/Page';
import {PageLoading} from '@/shared/ui/PageLoading';
import {TeamPicker, useTeams} from '@/shared/ui/TeamPicker';
import {NewPerson} from './NewPerson';
import {PeopleTable} from './PeopleTable';
import {search} from './search';

/** Whom one cares for, or studies: found by a few letters. */
export default function PeoplePage() {
  const {t} = useLingui();
  const navigate = useNavigate();
  const {account, site} = useAccount();
  const clinician = account.role === 'clinician';
  const people = useQuery(peopleQuery);
  const overview = useQuery(overviewQuery);
  const [text, setText] = useState('');
  const [making, setMaking] = useState(false);
  const teams = useTeams();
  const [team, setTeam] = useState<string | null>(null);
  const wanted = useDeferredValue(text);
  const found = useMemo(() => {
    const within = team === null ? null : teams.peopleOf(team);
    return search((people.data ?? []).filter(({id}) => within === null || within.has(id)), wanted);
  }, [people.data, wanted, team, teams]);
  const overviews = useMemo(() => overview.data && new Map(overview.data.map((each) => [each.person, each])), [overview.data]);
  const show = (person: Person) => void navigate({to: '/people/$person', params: {person: person.id}, search: {}});
  const add = clinician && <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => setMaking(true)}><Trans>New person</Trans></Button>;

  return (
    <Page title={t`People`} actions={add}
      lead={clinician ? <Trans>Everybody who chose you, and whom you entered here yourself.</Trans> : <Trans>People of your studies, by pseudonym.</Trans>}>
      {people.error ? <Failure error={people.error} retry={() => void people.refetch()} /> : !people.data ? <PageLoading /> : people.data.length === 0 ? (
        <Card>
          <EmptyState icon={IconUsers} title={<Trans>Nobody yet</Trans>} action={add}>
            {clinician
              ? <Trans>Enter a person yourself, or have them choose you under “My record” in their own account. Nobody else appears here.</Trans>
              : <Trans>People appear here when they take part in your study: they choose your account under “My record”, and agree to research.</Trans>}
          </EmptyState>
        </Card>
      ) : (
        <Card>
          <Group mb="sm" justify="space-between" align="flex-end">
            <Group align="flex-end" gap="sm" w={{base: '100%', sm: 'auto'}}>
              <TextInput value={text} onChange={(event) => setText(event.currentTarget.value)} leftSection={<IconSearch size={16} aria-hidden />} aria-label={t`Search people`}
                placeholder={clinician ? t`Name, pseudonym or year of birth` : t`Pseudonym`} w={{base: '100%', xs: 320}} type="search" />
              <TeamPicker teams={teams} value={team} onChange={setTeam} />
            </Group>
            <Text size="sm" c="dimmed" role="status"><Trans>{found.length} of {people.data.length}</Trans></Text>
          </Group>
          {overview.error && <Failure error={overview.error} retry={() => void overview.refetch()} />}
          <PeopleTable people={found} overviews={overviews} named={clinician} risk={showsExpressions(site)} onShow={show} />
          {showsExpressions(site) && <NotADiagnosis />}
        </Card>
      )}
      {clinician && <NewPerson opened={making} onClose={() => setMaking(false)} onMade={show} />}
    </Page>
  );
}
