import {Trans, useLingui} from '@lingui/react/macro';
import {Anchor, Badge, Group, Tabs, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {useDeferredValue, type ComponentType} from 'react';
import {personQuery, type Person} from '@/api/records';
import {useAccount} from '@/app/account';
import {Failure} from '@/shared/ui/Failure';
import {Page} from '@/shared/ui/Page';
import {PageLoading} from '@/shared/ui/PageLoading';
import {Consents} from './consents/Consents';
import {FactsTab} from './FactsTab';
import {NotesTab} from './NotesTab';
import {MyData} from './own/MyData';
import {SessionsTab} from './SessionsTab';
import {SurveysTab} from './SurveysTab';
import {WeeksTab} from './weeks/WeeksTab';

export interface TabProps {
  person: Person;
  /** It is the reader's own record. */
  own: boolean;
}

interface Props {
  person: string;
  own?: boolean;
  tab?: string | undefined;
  onTab: (tab: string) => void;
}

function useTabs(own: boolean, role: string): {key: string; label: string; content: ComponentType<TabProps>}[] {
  const {t} = useLingui();
  const always = [
    {key: 'weeks', label: t`Weeks`, content: WeeksTab},
    {key: 'sessions', label: t`Sessions`, content: SessionsTab},
    {key: 'surveys', label: t`Surveys`, content: SurveysTab},
  ];
  if (own) {
    return [...always, {key: 'notes', label: t`Notes`, content: NotesTab}, {key: 'consents', label: t`Consents and sharing`, content: Consents}, {key: 'facts', label: t`Facts`, content: FactsTab}, {key: 'data', label: t`My data`, content: MyData}];
  }
  if (role === 'clinician') {
    return [...always, {key: 'notes', label: t`Notes`, content: NotesTab}, {key: 'consents', label: t`Consents`, content: Consents}, {key: 'facts', label: t`Facts`, content: FactsTab}];
  }
  return always;
}

/** All of one person: how their weeks went, what was said and agreed to, who they are. */
export function PersonRecord({person: id, own = false, tab, onTab}: Props) {
  const {t} = useLingui();
  const {account} = useAccount();
  const {data: person, error, refetch} = useQuery(personQuery(id));
  const tabs = useTabs(own, account.role);
  const active = tabs.some(({key}) => key === tab) ? tab : 'weeks';
  // The tab answers the press; what stands in it may take a moment longer.
  const shown = useDeferredValue(active);
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!person) return <PageLoading />;
  const details = own ? null : [person.name ? person.pseudonym : null, person.birth_year ? t`born ${String(person.birth_year)}` : null, person.contact].filter(Boolean).join(' · ');
  return (
    <Page title={own ? t`My record` : person.name ?? person.pseudonym}
      lead={own ? <Trans>What was measured and answered, and who may see it. All of it is yours.</Trans> : (
        <Group gap="xs" component="span">
          <Anchor component={Link} to="/people" size="sm"><Trans>People</Trans></Anchor>
          {details && <Text component="span" size="sm">{details}</Text>}
          {'simulated' in person && person.simulated === true && <Badge variant="light" color="ember" tt="none"><Trans>Simulated person</Trans></Badge>}
        </Group>
      )}>
      <Tabs value={active} onChange={(next) => next && onTab(next)} keepMounted={false}>
        <Tabs.List mb="md" style={{flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden'}}>
          {tabs.map(({key, label}) => <Tabs.Tab key={key} value={key} style={{flexShrink: 0}}>{label}</Tabs.Tab>)}
        </Tabs.List>
        {tabs.map(({key, content: Content}) => <Tabs.Panel key={key} value={key}>{shown === key && <Content person={person} own={own} />}</Tabs.Panel>)}
      </Tabs>
    </Page>
  );
}
