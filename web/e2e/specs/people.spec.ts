import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {addDemo, type DemoAccount} from '../demo.ts';
import {Chromium, phone, Server, type ApiClient, type Window} from '../harness.ts';

let server: Server, browser: Chromium, administrator: ApiClient, demo: Record<string, DemoAccount>;
before(async () => {
  server = await new Server().start();
  administrator = await server.administrator();
  demo = await addDemo(server, administrator);
  browser = await Chromium.launch();
});
after(async () => {
  await browser?.close();
  await server?.end();
});

const clean = async (window: Window) => {
  assert.deepEqual(await window.axe(), []);
  assert.deepEqual(window.complaints, []);
};

test('a clinician makes a record, keeps what was typed over a reload, enters a consent and withdraws it', async () => {
  const api = await server.account(administrator, 'clinician', 'clara');
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn('clara');
  await window.open('/people');
  await page.getByText('Nobody yet').waitFor();
  await window.shot('people-empty');
  await clean(window);
  await page.getByRole('button', {name: 'New person'}).first().click();
  await page.getByRole('textbox', {name: 'Name', exact: true}).fill('Ana Núñez');
  await page.getByLabel('Year of birth').fill('18');
  await page.getByText('A year such as 1984').waitFor();
  await page.getByLabel('Year of birth').fill('1984');
  await page.reload();
  await page.getByRole('button', {name: 'New person'}).first().click();
  assert.equal(await page.getByRole('textbox', {name: 'Name', exact: true}).inputValue(), 'Ana Núñez');
  await clean(window);
  await page.getByRole('button', {name: 'Make the record'}).click();
  await page.getByRole('heading', {name: 'Ana Núñez'}).waitFor();
  const [made] = (await api.get('people')).rows;
  assert.equal(made.birth_year, 1984);
  await page.getByText('Nothing to follow yet').waitFor();
  await clean(window);

  await page.getByRole('tab', {name: 'Consents'}).click();
  await page.getByRole('button', {name: 'Enter a consent'}).click();
  const enter = page.getByRole('button', {name: 'Enter', exact: true});
  assert.equal(await enter.isDisabled(), true, 'not before it is there in writing');
  await page.getByLabel('I have this consent in writing, signed by the person.').check();
  await window.shot('people-consent-form');
  await clean(window);
  await enter.click();
  await page.getByText('in force', {exact: true}).waitFor();
  await page.getByRole('dialog').waitFor({state: 'hidden'});
  const [consent] = (await api.get(`people/${made.id}/consents`)).rows;
  assert.deepEqual(consent.scopes, ['live_analysis', 'store_observations']);
  await page.getByRole('button', {name: 'Withdraw'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Withdraw'}).click();
  await page.getByText('Nothing is agreed to now').waitFor();
  assert.ok((await api.get(`people/${made.id}/consents`)).rows[0].withdrawn);
  await page.getByRole('button', {name: 'Show 1'}).click();
  await page.getByText('withdrawn', {exact: true}).waitFor();

  await page.getByRole('tab', {name: 'Facts'}).click();
  await page.getByLabel('Remarks').fill('Nurse, nights.');
  await page.reload();
  assert.equal(await page.getByLabel('Remarks').inputValue(), 'Nurse, nights.', 'the draft is kept');
  await page.getByRole('button', {name: 'Save'}).click();
  await page.getByText('Saved.').waitFor();
  assert.equal((await api.get(`people/${made.id}`)).remarks, 'Nurse, nights.');
  await clean(window);
  await window.context.close();
});

test('a clinician follows the weeks of somebody, compares periods and follows up an alert', async () => {
  const {name, api} = demo.clinician!;
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn(name);
  await window.open('/people');
  await page.getByRole('searchbox', {name: 'Search people'}).waitFor();
  await page.getByText('none yet').or(page.getByText(/ago|yesterday/)).first().waitFor();
  await window.shot('people-list');
  await clean(window);
  const alerts = (await api.get('alerts?limit=200')).rows.filter((alert: any) => alert.state === 'new');
  assert.ok(alerts.length > 0, 'the demo has alerts');
  const person = await api.get(`people/${alerts[0].person}`);
  await page.getByRole('searchbox').fill(person.pseudonym.toLowerCase());
  await page.getByRole('status').getByText(/^1 of/).waitFor();
  await page.getByRole('row', {name: new RegExp(person.pseudonym)}).click();
  await page.getByRole('heading', {level: 1, name: person.name ?? person.pseudonym}).waitFor();
  await page.getByRole('heading', {name: 'Two periods compared'}).waitFor();
  await page.getByRole('heading', {name: 'Expressions over the weeks'}).waitFor();
  await window.shot('person-weeks', true);
  await clean(window);
  await page.getByRole('radiogroup', {name: 'Show as'}).first().getByText('Table').click();
  await page.getByRole('table').filter({hasText: 'Weekly risk log'}).waitFor();
  await page.getByRole('button', {name: 'Acknowledge'}).first().click();
  await page.getByText('acknowledged').first().waitFor();
  await page.getByRole('button', {name: 'Write down what was done'}).first().click();
  await page.getByLabel('What was done').fill('Talked; fewer nights next month.');
  await page.getByRole('button', {name: 'Save and close the alert'}).click();
  await page.getByText('Written down.').waitFor();
  const after = (await api.get(`alerts?person=${person.id}&limit=200`)).rows;
  assert.ok(after.some((alert: any) => alert.state === 'followed_up' && alert.follow_up === 'Talked; fewer nights next month.'));
  for (const tab of ['Sessions', 'Surveys', 'Notes', 'Consents']) {
    await page.getByRole('tab', {name: tab, exact: true}).click();
    await page.getByRole('tabpanel').locator('section').first().waitFor();
    await window.shot(`person-${tab.toLowerCase()}`);
    await clean(window);
  }
  await window.context.close();
});

test('a participant sees their own record on a phone in the dark: gives and withdraws consent, sees who looked, takes all along, erases it', async () => {
  const {name, api} = demo.participant!;
  const me = await api.get('me');
  const window = await browser.window(server, {...phone, colorScheme: 'dark', acceptDownloads: true});
  const {page} = window;
  await window.signIn(name);
  await window.open('/me');
  await page.getByRole('heading', {name: 'Two periods compared'}).waitFor();
  await window.shot('me-weeks-dark-phone', true);
  await clean(window);
  await window.open('/me?tab=consents');
  await page.getByRole('button', {name: 'Agree to something'}).click();
  await page.getByRole('region', {name: 'Text of the consent'}).waitFor();
  await window.shot('me-consent-text-dark-phone');
  await clean(window);
  await page.getByRole('combobox', {name: 'Text'}).or(page.getByRole('textbox', {name: 'Text'})).click();
  await page.getByRole('option', {name: 'Single things, as described here'}).click();
  await page.getByLabel('Counting in a group').check();
  await page.getByRole('button', {name: 'I agree'}).click();
  await page.getByRole('dialog').waitFor({state: 'hidden'});
  await page.getByText('Counting in a group').first().waitFor();
  await window.shot('me-consents-dark-phone', true);
  await clean(window);
  await window.open('/me?tab=data');
  await page.getByRole('table', {name: 'Who looked'}).getByRole('row').nth(3).waitFor();
  await window.shot('me-data-dark-phone', true);
  await clean(window);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', {name: 'Download all (zip)'}).click()]);
  assert.match(download.suggestedFilename(), /^pyrometer-.*\.zip$/);
  await page.getByRole('button', {name: 'Erase everything …'}).click();
  const dialog = page.getByRole('dialog');
  assert.equal(await dialog.getByRole('button', {name: 'Erase everything'}).isDisabled(), true);
  await dialog.getByRole('textbox').fill((await api.get(`people/${me.account.person}`)).pseudonym);
  await dialog.getByRole('button', {name: 'Erase everything'}).click();
  await page.getByText('Everything on you was erased.').waitFor();
  assert.notEqual((await demo.clinician!.api.ask('GET', `people/${me.account.person}`)).status, 200);
  assert.deepEqual(window.complaints, []);
  await window.context.close();
});

test('another clinician sees nobody of theirs', async () => {
  await server.account(administrator, 'clinician', 'other');
  const {rows} = await demo.clinician!.api.get('people?limit=1');
  const window = await browser.window(server, {locale: 'es-ES'});
  await window.signIn('other');
  await window.open('/people');
  await window.page.getByText('Aún no hay nadie').waitFor();
  await window.open(`/people/${rows[0].id}`);
  await window.page.getByRole('alert').waitFor();
  assert.deepEqual(window.complaints, []);
  await window.context.close();
});
