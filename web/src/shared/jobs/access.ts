// What this site and one's role let one have computed. The server decides; this says beforehand what it would say.
import {useAccount} from '@/app/account';

export interface JobAccess {
  /** Jobs at all. */
  may: boolean;
  /** Only about a person (a clinician's), so one has to be named. */
  person: boolean;
  /** Labelled sets, training: research alone. */
  research: boolean;
  why: 'role' | 'mode' | null;
}

export function useJobAccess(): JobAccess {
  const {account, site} = useAccount();
  if (account.role === 'researcher') return site.mode === 'research' ? {may: true, person: false, research: true, why: null} : {may: false, person: false, research: false, why: 'mode'};
  if (account.role === 'clinician') return site.mode === 'clinical' ? {may: true, person: true, research: false, why: null} : {may: false, person: false, research: false, why: 'mode'};
  return {may: false, person: false, research: false, why: 'role'};
}
