// The site's own demonstration, for pages that need weeks of sessions.
import {ApiClient, PASSWORD, type Server} from './harness.ts';

export interface DemoAccount {
  name: string;
  role: string;
  api: ApiClient;
}

/** Puts the demo in, waits until it is there, and settles the accounts by the tests' password. */
export async function addDemo(server: Server, administrator: ApiClient, roles = ['clinician', 'participant']): Promise<Record<string, DemoAccount>> {
  const site = await administrator.get('site');
  if (site.mode !== 'clinical') await administrator.expect(200, 'PATCH', 'site', {mode: 'clinical', legal_basis: 'Consent and treatment'});
  const made = await administrator.post('demo', {}, 202);
  const until = Date.now() + 240_000;
  while ((await administrator.get('demo')).state !== 'ready') {
    if (Date.now() > until) throw new Error('the demo is not ready');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const out: Record<string, DemoAccount> = {};
  for (const {name, role, one_time_password} of made.accounts) {
    if (roles.includes(role)) out[role] = {name, role, api: await server.api().settle(name, one_time_password)};
  }
  return out;
}
export {PASSWORD};
