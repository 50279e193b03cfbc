import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {ApiClient, Chromium, clean, PASSWORD, phone, Server} from '../harness.ts';

let server: Server, browser: Chromium, administrator: ApiClient;
before(async () => {
  server = await new Server(['--allow-camera', 'rtsp://10.0.8.0/24']).start();
  browser = await Chromium.launch();
  administrator = await server.administrator();
});
after(async () => {
  await browser?.close();
  await server?.end();
});

const user = async (name: string) => (await administrator.get('users?limit=200')).rows.find((row: {name: string}) => row.name === name);

test('accounts: made, changed, given a new password, disabled with an undo', async () => {
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn(server.first!.name);
  await window.open('/admin');
  await page.getByRole('button', {name: 'New account'}).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', {name: 'Name to sign in with'}).fill('clara');
  await dialog.getByRole('textbox', {name: 'Name to be shown'}).fill('Dr. Clara Kleist');
  await window.shot('admin-new-account');
  await clean(window);
  await dialog.getByRole('button', {name: 'Make the account'}).click();
  await dialog.getByText('Dr. Clara Kleist can sign in now').waitFor();
  const password = await dialog.locator('.py-print-alone code').textContent();
  const clara = await server.api().settle('clara', password ?? '');
  await page.keyboard.press('Escape');
  await dialog.waitFor({state: 'detached'});

  await page.getByRole('cell', {name: /Dr\. Clara Kleist/}).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('textbox', {name: 'Name to be shown'}).fill('Dr. C. Kleist');
  await window.shot('admin-account');
  await clean(window);
  await drawer.getByRole('button', {name: 'Save'}).click();
  await page.getByText('Saved.', {exact: true}).waitFor();
  assert.equal((await user('clara')).display_name, 'Dr. C. Kleist');
  assert.equal((await clara.ask('GET', 'me')).status, 200, 'another name to be shown ends nothing');
  await drawer.getByRole('combobox', {name: 'Role'}).click();
  await page.getByRole('option', {name: 'Researcher'}).click();
  await drawer.getByRole('button', {name: 'Save'}).click();
  await page.getByText('Saved. Its logins have ended.').waitFor();
  assert.equal((await user('clara')).role, 'researcher');
  assert.equal((await clara.ask('GET', 'me')).status, 401);

  await drawer.getByRole('button', {name: 'Reset the password'}).click();
  await page.getByRole('button', {name: 'New password', exact: true}).click();
  await drawer.getByText('A new one-time password').waitFor();
  const next = await drawer.locator('.py-print-alone code').textContent();
  await server.api().settle('clara', next ?? '');
  await drawer.getByRole('button', {name: 'I have kept it'}).click();

  await drawer.getByRole('button', {name: 'Disable'}).click();
  await page.getByRole('dialog', {name: 'Disable clara?'}).getByRole('button', {name: 'Disable'}).click();
  await page.getByText('clara is disabled.').waitFor();
  assert.equal((await user('clara')).disabled, true);
  await page.getByRole('button', {name: 'Undo'}).click();
  await drawer.getByRole('button', {name: 'Disable'}).waitFor();
  assert.equal((await user('clara')).disabled, false);
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', {name: 'Search accounts'}).fill('nobody');
  await page.getByText('Nothing here yet.').waitFor();
  await page.getByRole('textbox', {name: 'Search accounts'}).fill('');
  await window.shot('admin-accounts');
  await clean(window);
  await window.context.close();
});

test('a device gets a token, told once, which is revoked alone', async () => {
  const person = (await administrator.post('users', {name: 'pia', role: 'participant'})).person;
  const device = await administrator.post('users', {name: 'box', role: 'device', person});
  await administrator.post(`users/${device.id}/tokens`, {name: 'Beside the window'});
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn(server.first!.name);
  await window.open('/admin');
  await page.getByRole('cell', {name: 'box'}).first().click();
  const drawer = page.getByRole('dialog');
  await drawer.getByText('Beside the window').waitFor();
  await drawer.getByRole('textbox', {name: 'Which device is it?'}).fill('Room 4, at the door');
  await drawer.getByRole('button', {name: 'Make a token'}).click();
  await drawer.locator('.py-print-alone code').waitFor();
  await drawer.getByRole('button', {name: 'I have kept it'}).click();
  await drawer.getByText('Room 4, at the door').waitFor();
  await drawer.getByRole('button', {name: 'Revoke'}).first().click();
  await page.getByRole('dialog', {name: 'Revoke “Beside the window”?'}).getByRole('button', {name: 'Revoke'}).click();
  await page.getByText('The token is revoked.').waitFor();
  await drawer.getByText(/^Revoked/).waitFor();
  await window.shot('admin-device');
  await clean(window);
  const rows: {name: string; revoked: string | null}[] = (await administrator.get(`users/${device.id}/tokens`)).rows;
  assert.deepEqual(rows.map((row) => [row.name, row.revoked !== null]), [['Beside the window', true], ['Room 4, at the door', false]]);
  assert.deepEqual(window.complaints, []);
  await window.context.close();
});

test('cameras, retention, the site, consent texts and backups', async () => {
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn(server.first!.name);
  await window.open('/admin/cameras');
  await page.getByRole('textbox', {name: 'Name', exact: true}).fill('Elsewhere');
  await page.getByRole('textbox', {name: 'Address'}).fill('rtsp://192.0.2.7/stream');
  await page.getByRole('button', {name: 'Add', exact: true}).click();
  await page.getByRole('alert').waitFor();
  await page.getByRole('textbox', {name: 'Name', exact: true}).fill('Room 4');
  await page.getByRole('textbox', {name: 'Address'}).fill('rtsp://10.0.8.21/stream');
  await page.getByRole('button', {name: 'Add', exact: true}).click();
  await page.getByRole('listitem').filter({hasText: 'Room 4'}).waitFor();
  await window.shot('admin-cameras');
  await clean(window);
  assert.deepEqual((await administrator.get('cameras')).rows.map((row: {name: string}) => row.name), ['Room 4']);

  await page.getByRole('tab', {name: 'Retention'}).click();
  await page.getByRole('switch', {name: 'Pictures and video'}).check();
  await page.getByRole('textbox', {name: 'Days: Pictures and video'}).fill('30');
  await window.shot('admin-retention');
  await clean(window);
  await page.getByRole('button', {name: 'Set the rules'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Set the rules'}).click();
  await page.getByText('The rules hold from now on.').waitFor();
  assert.deepEqual((await administrator.get('retention')).rules, [{kind: 'images', days: 30}]);

  await page.getByRole('tab', {name: 'Site'}).click();
  await page.getByRole('radio', {name: /^Fatigue and surveys only/}).click();
  await page.getByRole('textbox', {name: 'Legal basis'}).fill('Safety at work.');
  await page.getByRole('button', {name: 'Save', exact: true}).click();
  await page.getByText('The site is changed.').waitFor();
  assert.equal((await administrator.get('site')).mode, 'fatigue_and_surveys');
  await page.getByRole('contentinfo').getByText('Fatigue and surveys only').waitFor();
  await clean(window);

  await page.getByRole('tab', {name: 'Consent texts'}).click();
  await page.getByRole('button', {name: /^Write the next edition of/}).first().click();
  const text = page.getByRole('dialog').getByRole('textbox', {name: 'Text'});
  await text.fill('What happens: nothing without you.\n\nYou may stop at any time.');
  // A reload loses nothing that was typed.
  await page.reload();
  await page.getByRole('button', {name: /^Write the next edition of/}).first().click();
  assert.match(await text.inputValue(), /nothing without you/);
  await window.shot('admin-consent-editor');
  await clean(window);
  await page.getByRole('button', {name: 'Use as the next edition'}).click();
  await page.getByText('Edition 2 is in use now.').waitFor();
  assert.ok((await administrator.get('consent-templates?limit=200')).rows.some((row: {edition: number; text: string; active: boolean}) => row.edition === 2 && row.active && row.text.includes('nothing without you')));
  await window.shot('admin-consents');
  await clean(window);

  await page.getByRole('tab', {name: 'Backups'}).click();
  await page.getByRole('button', {name: 'Back up now'}).click();
  await page.getByText('looked through').waitFor({timeout: 90_000});
  await window.shot('admin-backups');
  await clean(window);
  assert.equal((await administrator.get('backups')).rows[0].verified, true);

  await page.getByRole('tab', {name: 'Health'}).click();
  await page.getByRole('heading', {name: 'The server now'}).waitFor();
  await page.getByText('expression', {exact: false}).first().waitFor();
  await window.shot('admin-health');
  await clean(window);
  await window.context.close();
});

test('the audit log is searched, told of one person, and saved', async () => {
  const rita = await server.account(administrator, 'participant', 'rita');
  const {account} = await rita.get('me');
  await rita.get(`people/${account.person}`);
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn(server.first!.name);
  await window.open('/admin/audit');
  await page.getByRole('cell', {name: /^rita/}).first().waitFor();
  await page.getByRole('textbox', {name: 'About one person'}).fill(account.person);
  await page.getByRole('button', {name: account.person.slice(0, 8)}).first().waitFor();
  await page.waitForFunction((person) => [...document.querySelectorAll('tbody tr')].every((row) => row.textContent?.includes(person)), account.person.slice(0, 8));
  await window.shot('admin-audit');
  await clean(window);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', {name: 'Save as CSV'}).click();
  assert.equal((await saving).suggestedFilename(), 'audit.csv');
  await window.context.close();
});

test('on a phone in the dark, in Spanish; and nothing of it for other roles', async () => {
  const window = await browser.window(server, {...phone, locale: 'es-ES', colorScheme: 'dark'});
  await window.signIn(server.first!.name, PASSWORD);
  for (const tab of ['users', 'site', 'consents', 'retention', 'cameras', 'audit', 'backups', 'health']) {
    await window.open(`/admin/${tab}`);
    await window.page.getByRole('tabpanel').waitFor();
    await window.page.waitForFunction(() => !document.querySelector('[role=tabpanel] .mantine-Skeleton-root'));
    await window.shot(`admin-${tab}-es-dark-phone`);
    await clean(window);
    assert.ok(await window.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${tab} is wider than the phone`);
  }
  await window.context.close();
  const other = await browser.window(server);
  await other.signIn('rita');
  assert.equal(await other.page.getByRole('link', {name: 'Administration'}).count(), 0);
  await other.open('/admin');
  await other.page.getByText('Only for administrators').waitFor();
  await clean(other);
  await other.context.close();
});
