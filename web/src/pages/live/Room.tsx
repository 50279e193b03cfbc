import {useLingui} from '@lingui/react/macro';
import {useQuery} from '@tanstack/react-query';
import {useParams} from '@tanstack/react-router';
import {showsExpressions, useAccount} from '@/app/account';
import {Failure} from '@/shared/ui/Failure';
import {Page} from '@/shared/ui/Page';
import {PageLoading} from '@/shared/ui/PageLoading';
import {Ended} from './Ended';
import {LiveRoom} from './LiveRoom';
import {personName} from '@/shared/ui/PersonPicker';
import {personQuery, sessionQuery} from '@/api/records';

/** One session by its address: it runs, or what it came to. */
export default function LiveSessionPage() {
  const {t} = useLingui();
  const {site} = useAccount();
  const {session: id} = useParams({from: '/inside/live/$session'});
  const session = useQuery(sessionQuery(id));
  const person = useQuery({...personQuery(session.data?.person ?? ''), enabled: session.data !== undefined});
  if (session.isError) return <Failure error={session.error} retry={() => void session.refetch()} />;
  if (!session.data) return <PageLoading />;
  const name = person.data ? personName(person.data) : '';
  const expressions = showsExpressions(site);
  return (
    <Page title={session.data.title ?? t`Live session`}>
      {session.data.state === 'ended' ? <Ended session={session.data} expressions={expressions} /> : <LiveRoom key={id} session={session.data} name={name} expressions={expressions} />}
    </Page>
  );
}
