import {useQuery} from '@tanstack/react-query';
import {useParams} from '@tanstack/react-router';
import {sessionQuery} from '@/api/records';
import {Failure} from '@/shared/ui/Failure';
import {PageLoading} from '@/shared/ui/PageLoading';
import {Review} from './Review';

/** A session, looked at again. */
export default function SessionPage() {
  const {session: id = ''} = useParams({strict: false});
  const {data, error, refetch} = useQuery(sessionQuery(id));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  return data ? <Review key={data.id} session={data} /> : <PageLoading />;
}
