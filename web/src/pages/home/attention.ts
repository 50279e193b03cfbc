// What needs an administrator's attention, read out of what the site tells.
import type {components} from '@/api/schema';
import type {Account, Site} from '@/app/account';
import type {User} from '@/shared/accounts/users';

export type Matter = 'disk-full' | 'no-backup' | 'own-authenticator' | 'administrators-without-authenticator' | 'one-administrator' | 'unused-passwords' | 'no-retention' | 'no-legal-basis';

const kUnusedDays = 7, kBackupDays = 7, kFreeShare = 0.1;

interface Told {
  account: Pick<Account, 'has_totp' | 'id'>;
  site: Pick<Site, 'legal_basis'>;
  users: readonly Pick<User, 'id' | 'role' | 'disabled' | 'has_totp' | 'must_change_password' | 'updated' | 'simulated'>[];
  retention: components['schemas']['Retention'] | undefined;
  status: Pick<components['schemas']['Status'], 'disk' | 'last_backup'> | undefined;
}

/** Each matter with how many it concerns, the most pressing first. */
export function mattersOf({account, site, users, retention, status}: Told, now = Date.now()): {matter: Matter; count: number}[] {
  const real = users.filter((user) => !user.simulated && !user.disabled);
  const administrators = real.filter((user) => user.role === 'administrator');
  const unused = real.filter((user) => user.must_change_password && now - Date.parse(user.updated) > kUnusedDays * 86_400_000);
  const out: {matter: Matter; count: number}[] = [];
  const add = (matter: Matter, count: number) => { if (count > 0) out.push({matter, count}); };
  if (status?.disk && status.disk.free_bytes < kFreeShare * status.disk.bytes) add('disk-full', 1);
  if (status && (!status.last_backup || status.last_backup.verified === false || now - Date.parse(status.last_backup.made) > kBackupDays * 86_400_000)) add('no-backup', 1);
  add('no-legal-basis', site.legal_basis.trim() === '' ? 1 : 0);
  add('own-authenticator', account.has_totp ? 0 : 1);
  add('administrators-without-authenticator', administrators.filter((user) => !user.has_totp && user.id !== account.id).length);
  add('one-administrator', administrators.length === 1 ? 1 : 0);
  add('unused-passwords', unused.length);
  add('no-retention', retention?.rules.length === 0 ? 1 : 0);
  return out;
}
