import {expect, test} from 'vitest';
import {mattersOf} from './attention';

const user = (more: object) => ({id: 'a', role: 'administrator' as const, disabled: false, has_totp: true, must_change_password: false, updated: '2026-11-01T00:00:00Z', simulated: false, ...more});
const calm = {account: {id: 'a', has_totp: true}, site: {legal_basis: 'Art. 9(2)(h)'}, users: [user({}), user({id: 'b'})], retention: {rules: [{kind: 'notes' as const, days: 365}]}};

test('a site in order has nothing', () => {
  expect(mattersOf(calm)).toEqual([]);
});

test('each matter is found, and simulated and disabled accounts are not counted', () => {
  const users = [user({has_totp: false}), user({id: 'c', role: 'clinician', must_change_password: true}), user({id: 'd', role: 'clinician', must_change_password: true, simulated: true}), user({id: 'e', disabled: true, must_change_password: true})];
  const found = mattersOf({account: {id: 'a', has_totp: false}, site: {legal_basis: ' '}, users, retention: {rules: []}}, Date.parse('2026-11-20'));
  expect(found).toEqual([{matter: 'no-legal-basis', count: 1}, {matter: 'own-authenticator', count: 1}, {matter: 'one-administrator', count: 1}, {matter: 'unused-passwords', count: 1}, {matter: 'no-retention', count: 1}]);
});

test('a one-time password of today is given its time', () => {
  expect(mattersOf({...calm, users: [...calm.users, user({id: 'c', role: 'clinician', must_change_password: true, updated: '2026-11-19T00:00:00Z'})]}, Date.parse('2026-11-20'))).toEqual([]);
});
