// What happened and what to do, in the person's language, for the problems that every page may meet; the server's own
// sentence for all others.
import {t} from '@lingui/core/macro';
import {Problem} from '@/api/problem';

export function describe(error: unknown): string {
  if (!(error instanceof Problem)) return t`Something in this page failed. Load it again; if that does not help, tell your administrator.`;
  switch (error.slug) {
    case 'unreachable': return t`The server cannot be reached. Check the network; what you typed is kept.`;
    case 'not-signed-in': return t`You are no longer signed in. Sign in again to go on.`;
    case 'login-failed': return t`Name or password is not right. After several wrong tries there is a pause.`;
    case 'too-often': return t`Too many requests. Wait a moment and try again.`;
    case 'consent-missing': return t`The person has not agreed to this, or has withdrawn. Ask for consent first.`;
    case 'changed-meanwhile': return t`Somebody changed this meanwhile. Load it again, then repeat your change.`;
    case 'no-such-record': return t`This is not there, or not for you to see.`;
    case 'role': return t`Your role does not allow this.`;
    case 'not-in-this-mode': return t`The mode of this site does not allow this.`;
    case 'study-not-approved': return t`This site has no approved study; an administrator can declare one.`;
    case 'code-wrong': return t`This is not the code now. Check the clock of the device that shows it.`;
    case 'old-password-wrong': return t`The password that you were given, or had, is not right.`;
    case 'busy': return t`The server is busy. Try again in a moment.`;
    case 'out-of-space': return t`The server's disk is full. Tell your administrator.`;
    default: return error.detail || t`The server answered with an error (${error.status}).`;
  }
}
