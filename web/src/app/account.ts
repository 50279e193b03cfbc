// Who is signed in, asked once and kept; what their role may see.
import {queryOptions, useQuery, useSuspenseQuery, type QueryClient} from '@tanstack/react-query';
import {api, body, rememberCsrf} from '@/api/client';
import {Problem} from '@/api/problem';
import type {components} from '@/api/schema';

export type SignedIn = components['schemas']['SignedIn'];
export type Site = components['schemas']['Site'];
export type Role = components['schemas']['Role'];

/** Null: nobody is signed in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  staleTime: 60_000,
  queryFn: async (): Promise<SignedIn | null> => {
    try {
      const me = await body(api.GET('/api/v1/me'));
      rememberCsrf(me.csrf_token);
      return me;
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 401) return null;
      throw problem;
    }
  },
});

export type Account = components['schemas']['Account'];

export function useMe() {
  return useQuery(meQuery).data ?? null;
}

/** Within the signed-in part of the app. */
export function useAccount(): {account: Account; site: Site} {
  const {data} = useSuspenseQuery(meQuery);
  if (!data) throw new Problem(401, 'not-signed-in', '');
  return {account: data.account, site: data.site};
}

/** Nobody is signed in any more, and nothing of what they saw is left. To be called where no page of theirs is shown any more; the query of the account
    itself stays, for the sign-in page follows it. */
export function forgetAccount(queryClient: QueryClient) {
  rememberCsrf(null);
  queryClient.setQueryData(meQuery.queryKey, null);
  queryClient.removeQueries({predicate: ({queryKey}) => queryKey[0] !== meQuery.queryKey[0]});
  queryClient.getMutationCache().clear();
}

/** Whether this site computes expressions at all (not in its mode "fatigue and surveys only"). */
export function showsExpressions(site: Site): boolean {
  return site.mode !== 'fatigue_and_surveys';
}
