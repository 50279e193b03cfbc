import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import {after, before, test} from 'node:test';
import {Chromium, clean, PASSWORD, phone, Server} from '../harness.ts';

let server: Server, browser: Chromium;
before(async () => {
  server = await new Server().start();
  browser = await Chromium.launch();
});
after(async () => {
  await browser?.close();
  await server?.end();
});

/** What an authenticator shows for a secret (RFC 6238). */
function codeOf(secret: string, at = Date.now()): string {
  const bits = [...secret.replace(/[\s=]/g, '').toUpperCase()].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac('sha1', key).update(counter).digest();
  const offset = hash[19]! & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('an authenticator is set up, its recovery codes are shown once, and it is asked for', async () => {
  const administrator = await server.administrator();
  const clara = await server.account(administrator, 'clinician', 'clara');
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn('clara');
  await page.getByRole('button', {name: /clara/}).click();
  await page.getByRole('menuitem', {name: 'Account and security'}).click();
  await page.getByRole('heading', {name: 'Account and security'}).waitFor();
  await page.getByText('This one').waitFor();
  await window.shot('account', true);
  await clean(window);
  await page.getByRole('button', {name: 'Set up', exact: true}).click();
  const code = page.getByRole('img', {name: 'QR code for your authenticator'});
  await code.waitFor();
  assert.ok(await code.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 0), 'the QR code is shown');
  await window.shot('account-authenticator');
  await clean(window);
  const secret = await page.locator('form code').textContent();
  await page.getByLabel('The six digits that it shows now').fill(codeOf(secret ?? ''));
  await page.getByRole('button', {name: 'Switch on'}).click();
  await page.getByText('Your recovery codes').waitFor();
  await window.shot('account-recovery-codes');
  await clean(window);
  const codes = await page.locator('.py-print-alone code').allTextContents();
  assert.equal(codes.length, 10);
  assert.equal((await clara.get('me')).account.has_totp, true);
  await page.getByRole('button', {name: 'I have kept it'}).click();
  await page.getByText('10 recovery codes are left.').waitFor();
  await page.reload();
  await page.getByText('10 recovery codes are left.').waitFor();
  assert.equal(await page.getByText(codes[0] ?? '?').count(), 0, 'codes are not shown again');

  // Signing in asks for a code; a recovery code is one.
  const other = await browser.window(server);
  await other.open('/sign-in');
  await other.page.getByLabel('Name').fill('clara');
  await other.page.getByLabel('Password', {exact: true}).fill(PASSWORD);
  await other.page.getByRole('button', {name: 'Sign in'}).click();
  await other.page.getByLabel('Code').fill(codes[0] ?? '');
  await other.page.getByRole('button', {name: 'Sign in'}).click();
  await other.page.waitForURL((url) => url.pathname === '/');
  await page.reload();
  await page.getByText('9 recovery codes are left.').waitFor();

  // That other login is ended from here.
  await page.getByRole('button', {name: 'All others'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Sign out there'}).click();
  await page.getByText('You are signed out everywhere but here.').waitFor();
  await other.page.reload();
  await other.page.getByRole('heading', {name: 'Sign in'}).waitFor();
  await other.context.close();
  await window.context.close();
});

test('a token is made, shown once, works, and is revoked', async () => {
  const administrator = await server.api().login(server.first!.name, PASSWORD);
  const rita = await server.account(administrator, 'participant', 'rita');
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn('rita');
  await window.open('/account');
  await page.getByRole('button', {name: 'New token'}).click();
  await page.getByLabel('What is it for?').fill('Nightly export');
  await window.shot('account-new-token', true);
  await clean(window);
  await page.getByRole('button', {name: 'Make the token'}).click();
  await page.getByText('Token “Nightly export”').waitFor();
  const rows = (await rita.get('me/tokens')).rows;
  assert.deepEqual(rows.map((row: {name: string; scopes: string[]}) => [row.name, row.scopes]), [['Nightly export', ['read']]]);
  await page.getByRole('button', {name: 'I have kept it'}).click();
  await page.getByRole('button', {name: 'Revoke'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Revoke'}).click();
  await page.getByText(/^Revoked /).waitFor();
  assert.ok((await rita.get('me/tokens')).rows[0].revoked);
  await clean(window);

  // The password, which signs out elsewhere and not here.
  await page.getByLabel('Password now').fill(PASSWORD);
  await page.getByLabel('New password', {exact: true}).fill('another long sentence 43');
  await page.getByLabel('New password again').fill('another long sentence 43');
  await page.getByRole('button', {name: 'Change password'}).click();
  await page.getByText('Your password is changed.').waitFor();
  await server.api().login('rita', 'another long sentence 43');
  assert.equal((await rita.ask('GET', 'me')).status, 401);
  await page.reload();
  await page.getByRole('heading', {name: 'Account and security'}).waitFor();
  await window.context.close();
});

test('on a phone, in the dark, in Spanish', async () => {
  const window = await browser.window(server, {...phone, locale: 'es-ES', colorScheme: 'dark'});
  await window.signIn('rita', 'another long sentence 43');
  await window.open('/account');
  await window.page.getByRole('heading', {name: 'Cuenta y seguridad'}).waitFor();
  await window.page.getByText('Dónde tiene sesión iniciada').waitFor();
  await window.shot('account-es-dark-phone', true);
  await clean(window);
  assert.ok(await window.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  await window.context.close();
});
