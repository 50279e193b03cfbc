import {expect, test} from 'vitest';
import {mattersOf} from './attention';

const user = (more: object) => ({id: 'a', role: 'administrator' as const, disabled: false, has_totp: true, must_change_password: false, updated: '2026-11-01T00:00:00Z', simulated: false, ...more});
const calm = {account: {id: 'a', has_totp: true}, site: {legal_basis: 'Art. 9(2)(h)'}, users: [user({}), user({id: 'b'})], retention: {rules: [{kind: 'notes' as const, days: 365}]},
  status: {disk: {free_bytes: 50, bytes: 100}, last_backup: {name: 'a.db', bytes: 1, made: '2026-11-19T00:00:00Z', verified: true}}};

test('a site in order has nothing', () => {
  expect(mattersOf(calm, Date.parse('2026-11-20'))).toEqual([]);
});

test('each matter is found, and simulated and disabled accounts are not counted', () => {
  const users = [user({has_totp: false}), user({id: 'c', role: 'clinician', must_change_password: true}), user({id: 'd', role: 'clinician', must_change_password: true, simulated: true}), user({id: 'e', disabled: true, must_change_password: true})];
  const found = mattersOf({account: {id: 'a', has_totp: false}, site: {legal_basis: ' '}, users, retention: {rules: []}, status: undefined}, Date.parse('2026-11-20'));
  expect(found).toEqual([{matter: 'no-legal-basis', count: 1}, {matter: 'own-authenticator', count: 1}, {matter: 'one-administrator', count: 1}, {matter: 'unused-passwords', count: 1}, {matter: 'no-retention', count: 1}]);
});

test('a one-time password of today is given its time', () => {
  expect(mattersOf({...calm, users: [...calm.users, user({id: 'c', role: 'clinician', must_change_password: true, updated: '2026-11-19T00:00:00Z'})]}, Date.parse('2026-11-20'))).toEqual([]);
});

test('an old, a bad and a missing backup, and a disk that is nearly full', () => {
  const of = (status: Partial<typeof calm.status>, now = '2026-11-20') => mattersOf({...calm, status: {...calm.status, ...status}}, Date.parse(now)).map((each) => each.matter);
  expect(of({}, '2026-12-20')).toContain('no-backup');
  expect(of({last_backup: {...calm.status.last_backup, verified: false}})).toEqual(['no-backup']);
  expect(mattersOf({...calm, status: {...calm.status, last_backup: null}}, Date.parse('2026-11-20')).map((each) => each.matter)).toEqual(['no-backup']);
  expect(of({disk: {free_bytes: 9, bytes: 100}})).toEqual(['disk-full']);
});
