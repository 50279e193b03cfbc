import assert from 'node:assert/strict';
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

test('an empty server is set up without reading anything, left in between and taken up again', async () => {
  const administrator = await server.administrator();
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn(server.first!.name);
  await page.getByRole('heading', {name: 'Set up this site'}).waitFor();
  await page.getByText('You are the only administrator.').waitFor();
  await page.getByText(/^Started /).waitFor();
  await window.shot('home-administrator-first');
  await clean(window);
  await page.getByRole('link', {name: 'Go on with the set-up'}).click();

  // What the site is for.
  await page.getByRole('heading', {name: 'This site', level: 2}).waitFor();
  await page.getByLabel('Name of this site').fill('St. Anna Clinic');
  await page.getByRole('radio', {name: /^Clinical/}).click();
  await page.getByRole('textbox', {name: 'Legal basis'}).fill('Explicit consent, for occupational medicine.');
  await window.shot('setup-site', true);
  await clean(window);
  await page.getByRole('button', {name: 'Save and go on'}).click();
  await page.getByRole('heading', {name: 'Organisation', level: 2}).waitFor();
  const {site} = await administrator.get('me');
  assert.equal(site.name, 'St. Anna Clinic');
  assert.equal(site.mode, 'clinical');

  // An organisation with a team.
  await page.getByRole('textbox', {name: 'Organisation'}).fill('St. Anna');
  await page.getByLabel('Its first team').fill('Ward 3');
  await window.shot('setup-groups');
  await clean(window);
  await page.getByRole('button', {name: 'Save and go on'}).click();
  await page.getByRole('heading', {name: 'Who works here', level: 2}).waitFor();
  assert.deepEqual((await administrator.get('teams')).rows.map((row: {name: string}) => row.name), ['Ward 3']);

  // Left, and taken up where it was left.
  await page.getByRole('link', {name: 'Home'}).click();
  await page.getByRole('link', {name: 'Go on with the set-up'}).click();
  await page.getByRole('heading', {name: 'Who works here', level: 2}).waitFor();

  // A clinician, whose one-time password is shown once and works.
  await page.getByLabel('Name to sign in with').fill('clara kleist');
  await page.getByText('no spaces').waitFor();
  await page.getByLabel('Name to sign in with').fill('clara');
  await page.getByLabel('Name to be shown').fill('Dr. Clara Kleist');
  await page.getByRole('button', {name: 'Make the account'}).click();
  await page.getByText('Dr. Clara Kleist can sign in now').waitFor();
  await window.shot('setup-people', true);
  await clean(window);
  const password = await page.locator('.py-print-alone code').textContent();
  await (await server.api().settle('clara', password ?? '')).get('people');
  await page.getByRole('button', {name: 'I have kept it'}).click();
  assert.equal(await page.getByText(password ?? '?').count(), 0);
  await page.getByRole('button', {name: 'Go on'}).click();

  await page.getByRole('heading', {name: 'Consent', level: 2}).waitFor();
  await window.shot('setup-consent', true);
  await clean(window);
  await page.getByRole('button', {name: 'Go on'}).click();

  // The camera: the fake one plays a clip.
  await page.getByRole('heading', {name: 'Camera', level: 2}).waitFor();
  await page.getByRole('button', {name: 'Switch the camera on'}).click();
  await page.getByText(/\d+ × \d+ · \d+ pictures a second/).waitFor();
  await page.getByRole('button', {name: 'What does the server see?'}).click();
  await page.getByText('The server sees 1 face.').waitFor();
  await window.shot('setup-camera');
  await clean(window);
  await page.getByRole('button', {name: 'Go on'}).click();

  // Demo data in, and out again.
  await page.getByRole('heading', {name: 'Demo data', level: 2}).waitFor();
  await page.getByRole('button', {name: 'Add demo data'}).click();
  await page.getByText('Accounts to try with').waitFor();
  await page.getByText('Demo data is in this site').waitFor();
  await page.getByText(/\d+ simulated people, \d+ sessions/).waitFor({timeout: 120_000});
  await window.shot('setup-demo', true);
  await clean(window);
  assert.equal((await administrator.get('demo')).state, 'ready');
  await page.getByRole('button', {name: 'Remove demo data'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Remove'}).click();
  await page.getByRole('button', {name: 'Add demo data'}).waitFor({timeout: 60_000});
  assert.equal((await administrator.get('demo')).state, 'none');
  await page.getByText('Demo data is in this site').waitFor({state: 'detached'});
  await page.getByRole('button', {name: 'Go on'}).click();

  await page.getByRole('heading', {name: 'Ready', level: 2}).waitFor();
  await page.getByText('A camera was checked').waitFor();
  await window.shot('setup-finish', true);
  await clean(window);
  await page.getByRole('button', {name: 'Finish'}).click();
  await page.waitForURL((url) => url.pathname === '/');
  await page.getByText('What needs attention').waitFor();
  assert.equal(await page.getByRole('heading', {name: 'Set up this site'}).count(), 0);
  await window.context.close();
});

test('on a phone, in the dark, in Spanish', async () => {
  const window = await browser.window(server, {...phone, locale: 'es-ES', colorScheme: 'dark'});
  await window.signIn(server.first!.name, PASSWORD);
  for (const step of ['site', 'camera', 'finish']) {
    await window.open(`/setup/${step}`);
    await window.page.getByText(/^Paso \d de 7/).waitFor();
    await window.shot(`setup-${step}-es-dark-phone`, true);
    await clean(window);
    assert.ok(await window.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${step} is wider than the phone`);
  }
  await window.context.close();
});

test('who is no administrator does not set up the site', async () => {
  const window = await browser.window(server);
  await window.signIn('clara');
  await window.open('/setup');
  await window.page.getByText('Only for administrators').waitFor();
  await clean(window);
  await window.context.close();
});
