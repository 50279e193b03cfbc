import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {ApiClient, Chromium, clean, PASSWORD, phone, Server, type Window} from '../harness.ts';

// The demo's simulated people give each role something to see.
let server: Server, browser: Chromium, administrator: ApiClient;
const names: Record<string, string> = {};
const clients: Record<string, ApiClient> = {};

before(async () => {
  server = await new Server().start();
  browser = await Chromium.launch();
  administrator = await server.administrator();
  const {site} = await administrator.get('me');
  await administrator.ask('PATCH', 'site', {mode: 'clinical', legal_basis: 'Explicit consent, for occupational medicine.', name: 'St. Anna Clinic', k: site.k});
  for (const {name, role, one_time_password} of (await administrator.post('demo', {}, 202)).accounts) {
    names[role] = name;
    clients[role] = await server.api().settle(name, one_time_password);
  }
  for (const until = Date.now() + 240_000; (await administrator.get('demo')).state !== 'ready';) {
    assert.ok(Date.now() < until, 'the demo was not ready in time');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
});
after(async () => {
  await browser?.close();
  await server?.end();
});

const narrowEnough = (window: Window) => window.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

test('a clinician sees sessions, alerts and trends that turned; an alert is followed up', async () => {
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn(names.clinician!);
  await page.getByRole('heading', {name: 'Alerts'}).waitFor();
  await page.getByRole('link', {name: 'Review'}).first().waitFor();
  const open = (await clients.clinician!.get('alerts?state=new')).rows;
  assert.ok(open.length > 0, 'the demo has alerts');
  await page.getByRole('button', {name: /^Show all /}).click();
  for (const title of new Set<string>(open.map((alert: {title: string}) => alert.title))) await page.getByText(title).first().waitFor();
  // What was seen is said about the person, not to whoever reads it here.
  for (const {text} of open) assert.doesNotMatch(text, /\byour?\b/i);
  await page.getByText(open[0].text).first().waitFor();
  await page.getByRole('heading', {name: 'Trends that turned'}).waitFor();
  await page.getByRole('img', {name: /weeks, the newest/}).first().waitFor({timeout: 90_000});
  await window.shot('home-clinician', true);
  await clean(window);

  await page.getByRole('button', {name: 'Acknowledge', exact: false}).first().click();
  await page.getByRole('button', {name: 'Write what was done'}).first().click();
  await page.getByRole('textbox', {name: 'What was done'}).fill('Talked on the phone; the rota is changed.');
  // What was typed is still there after a reload.
  await page.reload();
  assert.equal(await page.getByRole('textbox', {name: 'What was done'}).inputValue(), 'Talked on the phone; the rota is changed.');
  await page.getByRole('button', {name: 'Save and close'}).click();
  await page.getByText('Written down. The alert is closed.').waitFor();
  const done = (await clients.clinician!.get('alerts?state=followed_up')).rows;
  assert.ok(done.some((alert: {follow_up: string}) => alert.follow_up === 'Talked on the phone; the rota is changed.'));

  // A simulated face has no pose, so its review has no lane for one.
  await page.getByRole('link', {name: 'Review'}).first().click();
  await page.getByRole('img', {name: /^Signs of fatigue/}).waitFor();
  await page.getByText('Loading the session').waitFor({state: 'detached'});
  assert.equal(await page.getByRole('img', {name: /^Pose of the head/}).count(), 0);
  await window.shot('session-of-the-demo', true);
  // By the keyboard to another page: it begins with its heading, which a screen reader tells; the way back is the one navigation.
  await page.getByRole('link', {name: 'Analytics'}).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1' && document.activeElement.textContent === 'Analytics');
  assert.equal(await page.getByRole('navigation').count(), 1);
  await window.context.close();
});

test('a clinician on a phone in the dark, in Spanish', async () => {
  const window = await browser.window(server, {...phone, locale: 'es-ES', colorScheme: 'dark'});
  await window.signIn(names.clinician!);
  await window.page.getByRole('heading', {name: 'Avisos'}).waitFor();
  await window.page.getByRole('link', {name: 'Revisar'}).first().waitFor();
  // The most urgent stands first.
  const alert = (await clients.clinician!.get('alerts?state=new&language=es')).rows.find(({level}: {level: string}) => level === 'high');
  await window.page.getByText(alert.text).first().waitFor();
  assert.equal(await window.page.getByText(/with a value/).count(), 0, 'numbers are told in Spanish as well');
  await window.shot('home-clinician-es-dark-phone', true);
  await clean(window);
  assert.ok(await narrowEnough(window));
  await window.context.close();
});

test('a participant sees one thing to do, the own weeks and the own consents', async () => {
  const window = await browser.window(server, {...phone});
  const {page} = window;
  await window.signIn(names.participant!);
  await page.getByRole('link', {name: 'Start a check-in'}).waitFor();
  await page.getByText(/^Your last one was /).waitFor();
  await page.getByRole('img', {name: /^Your last \d+ weeks/}).waitFor();
  await page.getByText('Look at my face while a session runs').waitFor();
  await window.shot('home-participant-phone', true);
  await clean(window);
  assert.ok(await narrowEnough(window));
  assert.equal(await page.getByText('Alerts', {exact: true}).count(), 0);
  await window.context.close();
});

test('a lead sees teams by month, kindly where they are too small, and nobody', async () => {
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn(names.organisation_lead!);
  const grid = page.getByRole('region', {name: 'Participation, by team and month'});
  await grid.waitFor();
  const teams = (await clients.organisation_lead!.get('teams')).rows;
  for (const team of teams) await grid.getByRole('rowheader', {name: team.name}).waitFor();
  await page.locator('table td[class*=value], table td[class*=few]').first().waitFor();
  await page.waitForFunction(() => document.querySelectorAll('table .mantine-Skeleton-root').length === 0);
  await window.shot('home-lead', true);
  await clean(window);
  await page.getByRole('combobox', {name: 'Figure'}).click();
  await page.getByRole('option').nth(1).click();
  await page.waitForFunction(() => document.querySelectorAll('table .mantine-Skeleton-root').length === 0);
  await window.shot('home-lead-survey', true);
  await clean(window);
  // Never a person.
  assert.equal((await clients.organisation_lead!.ask('GET', 'people')).status, 403);
  await window.context.close();
});

test('a researcher is told why this site shows no studies, and sees models', async () => {
  const window = await browser.window(server, {colorScheme: 'dark'});
  await window.signIn(names.researcher!);
  await window.page.getByText('This site does not run in its research mode').waitFor();
  await window.page.getByRole('heading', {name: 'Models in use'}).waitFor();
  await window.shot('home-researcher-dark');
  await clean(window);
  await window.context.close();
});

test('where the site is personal, a clinician is not led to what is closed', async () => {
  const administrator = await server.api().login(server.first!.name, PASSWORD);
  const {mode, legal_basis} = await administrator.get('site');
  await administrator.expect(200, 'PATCH', 'site', {mode: 'personal', legal_basis});
  const window = await browser.window(server);
  await window.signIn(names.clinician!);
  await window.page.getByText('This site is for personal use').waitFor();
  assert.deepEqual(await window.page.getByRole('navigation', {name: 'Main'}).getByRole('link').allInnerTexts(), ['Home', 'Surveys']);
  await window.shot('home-clinician-personal');
  await clean(window);
  await window.context.close();
  await administrator.expect(200, 'PATCH', 'site', {mode, legal_basis});
});

test('an administrator sees what needs attention, and the demo banner', async () => {
  const window = await browser.window(server);
  await window.signIn(server.first!.name, PASSWORD);
  await window.page.getByText('There is no good backup of the last seven days.').waitFor();
  await window.page.getByText('Demo data is in this site').waitFor();
  await window.page.getByText(/^Started /).waitFor();
  await window.shot('home-administrator', true);
  await clean(window);
  await window.context.close();
});
