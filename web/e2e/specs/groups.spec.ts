import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {ApiClient, Chromium, clean, phone, Server} from '../harness.ts';

let server: Server, browser: Chromium, administrator: ApiClient;
before(async () => {
  server = await new Server().start();
  browser = await Chromium.launch();
  administrator = await server.administrator();
  await administrator.expect(200, 'PATCH', 'site', {mode: 'clinical', legal_basis: 'Explicit consent, for occupational medicine.', k: 5});
  await server.account(administrator, 'participant', 'rita', {display_name: 'Rita'});
  await server.account(administrator, 'organisation_lead', 'olga', {display_name: 'Olga'});
});
after(async () => {
  await browser?.close();
  await server?.end();
});

test('an organisation, a team, its people and its lead; who leaves can be taken back', async () => {
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn(server.first!.name);
  await page.getByRole('link', {name: 'Groups'}).click();
  await page.getByText('No organisation yet').waitFor();
  await clean(window);
  await page.getByRole('textbox', {name: 'Name of the organisation'}).fill('St. Anna');
  await page.getByRole('textbox', {name: 'Name of the organisation'}).press('Enter');
  await page.getByRole('textbox', {name: 'New team of St. Anna'}).fill('Ward 3');
  await page.getByRole('textbox', {name: 'New team of St. Anna'}).press('Enter');
  await page.getByRole('heading', {name: 'Ward 3'}).waitFor();
  await page.getByRole('combobox', {name: 'Add somebody with an account'}).click();
  await page.getByRole('option', {name: 'Rita'}).click();
  await page.getByRole('button', {name: 'Take out Rita'}).waitFor();
  await page.getByRole('combobox', {name: 'Add an organisation lead'}).click();
  await page.getByRole('option', {name: 'Olga'}).click();
  await page.getByRole('button', {name: 'No longer: Olga'}).waitFor();
  await window.shot('groups-administrator', true);
  await clean(window);
  const team = (await administrator.get('teams')).rows[0];
  assert.equal((await administrator.get(`teams/${team.id}/members`)).rows.length, 1);
  await page.getByRole('button', {name: 'Take out Rita'}).click();
  await page.getByText('Rita left Ward 3.').waitFor();
  assert.equal((await administrator.get(`teams/${team.id}/members`)).rows.length, 0);
  await page.getByRole('button', {name: 'Undo'}).click();
  await page.getByRole('button', {name: 'Take out Rita'}).waitFor();
  assert.equal((await administrator.get(`teams/${team.id}/members`)).rows.length, 1);
  await page.reload();
  await page.getByRole('button', {name: 'Take out Rita'}).waitFor();
  await window.context.close();
});

test('a lead sees months of the team, kindly where too few agreed, on a phone in the dark too', async () => {
  const window = await browser.window(server, {...phone, locale: 'es-ES', colorScheme: 'dark'});
  await window.signIn('olga');
  await window.open('/groups');
  await window.page.getByRole('rowheader', {name: 'Ward 3'}).waitFor();
  await window.page.getByText('Casillas con una persona tachada', {exact: false}).waitFor();
  await window.shot('groups-lead-es-dark-phone', true);
  await clean(window);
  assert.ok(await window.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  await window.context.close();
});

test('a participant sees nothing of it', async () => {
  const window = await browser.window(server);
  await window.signIn('rita');
  assert.equal(await window.page.getByRole('link', {name: 'Groups'}).count(), 0);
  await window.open('/groups');
  await window.page.getByText('Only for leads and administrators').waitFor();
  await clean(window);
  await window.context.close();
});
