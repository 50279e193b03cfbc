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

test('the first administrator sets a password, is led to the set-up, comes home, signs out', async () => {
  const window = await browser.window(server);
  const {page} = window;
  await window.open('/');
  await page.getByRole('heading', {name: 'Sign in'}).waitFor();
  await window.shot('sign-in');
  await clean(window);
  await page.getByLabel('Name').fill(server.first!.name);
  await page.getByLabel('Password', {exact: true}).fill('wrong');
  await page.getByRole('button', {name: 'Sign in'}).click();
  await page.getByRole('alert').getByText('Name or password is not right').waitFor();
  await page.getByLabel('Password', {exact: true}).fill(server.first!.password);
  await page.getByRole('button', {name: 'Sign in'}).click();
  await page.getByRole('heading', {name: 'Set a password of your own'}).waitFor();
  await window.shot('sign-in-new-password');
  await clean(window);
  assert.equal(await page.getByLabel('The password that you were given').count(), 0); // it was just typed
  await page.getByLabel('New password', {exact: true}).fill(PASSWORD);
  await page.getByLabel('New password again').fill(PASSWORD);
  await page.getByRole('button', {name: 'Set password and go on'}).click();
  // A site that nobody has described yet is set up first.
  await page.waitForURL((url) => url.pathname.startsWith('/setup'));
  await page.getByRole('link', {name: 'Home'}).click();
  await page.waitForURL((url) => url.pathname === '/');
  await page.getByRole('navigation', {name: 'Main'}).waitFor();
  await window.shot('home-administrator');
  await clean(window);
  await page.reload();
  await page.getByRole('button', {name: new RegExp(server.first!.name)}).click();
  await page.getByRole('menuitem', {name: 'Sign out'}).click();
  await page.getByRole('heading', {name: 'Sign in'}).waitFor();
  await window.context.close();
});

test('who signs in after somebody else on the same page, by a one-time password, sets their own', async () => {
  const administrator = await server.api().login(server.first!.name, PASSWORD);
  const {one_time_password: given} = await administrator.post('users', {name: 'nora', role: 'clinician'});
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn(server.first!.name);
  await page.getByRole('button', {name: new RegExp(server.first!.name)}).click();
  await page.getByRole('menuitem', {name: 'Sign out'}).click();
  await page.getByLabel('Name').fill('nora');
  await page.getByLabel('Password', {exact: true}).fill(given);
  await page.getByRole('button', {name: 'Sign in'}).click();
  await page.getByRole('heading', {name: 'Set a password of your own'}).waitFor();
  // A reload forgets what was typed.
  await page.reload();
  await page.getByLabel('The password that you were given').fill(given);
  await page.getByLabel('New password', {exact: true}).fill(PASSWORD);
  await page.getByLabel('New password again').fill(PASSWORD);
  await page.getByRole('button', {name: 'Set password and go on'}).click();
  // A site that nobody described is a personal one, where a clinician has nothing to see.
  await page.getByText('This site is for personal use').waitFor();
  await window.shot('home-clinician-personal');
  await clean(window);
  await window.context.close();
});

test('in Spanish, in the dark, on a phone', async () => {
  const window = await browser.window(server, {...phone, locale: 'es-ES', colorScheme: 'dark'});
  await window.open('/');
  await window.page.getByRole('heading', {name: 'Iniciar sesión'}).waitFor();
  assert.equal(await window.page.evaluate(() => document.documentElement.lang), 'es');
  await window.shot('sign-in-es-dark-phone');
  await clean(window);
  await window.context.close();
});

test('an address of the app leads to it after the sign-in, one of elsewhere does not', async () => {
  const window = await browser.window(server);
  await window.open('/account');
  await window.page.waitForURL(/\/sign-in\?back=/);
  await window.open('/sign-in?back=https://example.org');
  await window.page.getByLabel('Name').fill(server.first!.name);
  await window.page.getByLabel('Password', {exact: true}).fill(PASSWORD);
  await window.page.getByRole('button', {name: 'Sign in'}).click();
  await window.page.waitForURL((url) => url.host === `localhost:${server.port}` && url.pathname === '/');
  assert.deepEqual(window.complaints, []);
  await window.context.close();
});
