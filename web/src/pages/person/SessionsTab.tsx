import {Trans, useLingui} from '@lingui/react/macro';
import {IconVideo} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {sessionsOfQuery} from '@/api/records';
import {Card} from '@/shared/ui/Card';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {PageLoading} from '@/shared/ui/PageLoading';
import {SessionTable} from '@/shared/ui/SessionTable';
import type {TabProps} from './PersonRecord';

export function SessionsTab({person, own}: TabProps) {
  const {t} = useLingui();
  const {data, error, refetch} = useQuery(sessionsOfQuery(person.id));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <PageLoading />;
  return (
    <Card title={<Trans>Sessions</Trans>}>
      <SessionTable label={t`Sessions`} sessions={data} empty={(
        <EmptyState icon={IconVideo} title={<Trans>No session yet</Trans>}>
          {own ? <Trans>Your check-ins and sessions with your clinician appear here; open one to see how it went.</Trans>
            : <Trans>Begin one under “Live session”, once the person has agreed. It appears here as soon as it has begun.</Trans>}
        </EmptyState>
      )} />
    </Card>
  );
}
