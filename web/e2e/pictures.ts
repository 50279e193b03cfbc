// The pictures of README and docs/tour.md: the demo's simulated people, and the demonstration photograph before the camera.
//   PYROMETER=… SHOTS=../docs/pictures node e2e/pictures.ts
import {camera} from './camera.ts';
import {Chromium, phone, Server, type Window} from './harness.ts';

const server = await new Server().start();
const administrator = await server.administrator();
await administrator.expect(200, 'PATCH', 'site', {mode: 'clinical', legal_basis: 'Consent for care', name: 'Example clinic'});
const made = await administrator.post('demo', {seed: 7}, 202);
const told = made.accounts.find(({role}: {role: string}) => role === 'clinician');
const clinician = await server.api().settle(told.name, told.one_time_password);
while ((await administrator.get('demo')).state === 'adding') await new Promise((resolve) => setTimeout(resolve, 250));

const browser = await Chromium.launch(camera(null));
const window = await browser.window(server, {viewport: {width: 1280, height: 800}});
await window.signIn(told.name);
const {page} = window;
const open = async (path: string) => {
  await window.open(path);
  await page.getByRole('heading', {level: 1}).waitFor();
  await page.waitForFunction(() => !document.querySelector('.mantine-Skeleton-root, .mantine-Loader-root'));
};
/** The part of the page that a heading begins, below the frame's own bar. */
const from = (heading: string) => page.getByRole('heading', {name: heading}).evaluate((element) => {
  element.scrollIntoView({block: 'start'});
  window.scrollBy(0, -104);
});
const wait = (ms: number) => page.waitForTimeout(ms);

await open('/');
await window.shot('web-home');
const risen = (await clinician.get('alerts?limit=50')).rows[0].person as string;
await open(`/people/${risen}`);
await from('Index over the weeks');
await wait(500);
await window.shot('web-weeks');
const session = (await clinician.get(`sessions?person=${risen}&limit=1`)).rows[0].id as string;
await open(`/sessions/${session}`);
await from('Course of the session');
await wait(500);
await window.shot('web-review');
await open('/analytics');
await wait(500);
await window.shot('web-keywords');

const ada = await clinician.post('people', {pseudonym: 'P-031', name: 'Ada Example', birth_year: 1985});
await clinician.post(`people/${ada.id}/consents`, {scopes: ['live_analysis', 'store_observations'], purpose: 'care', text_version: '1'});
await window.open(`/live?person=${ada.id}`);
await page.getByLabel('I have shown this to the person').check();
await page.getByRole('button', {name: 'Start the session'}).click();
await page.getByRole('img', {name: /Index \d+ of 100/}).waitFor({timeout: 120_000});
await page.locator('body').press('1');
await wait(9_000);
await page.locator('body').press('2');
await wait(6_000);
await window.shot('web-live');

const pat = await server.account(administrator, 'participant', 'pat');
const {person} = (await pat.get('me')).account;
await pat.post(`people/${person}/consents`, {scopes: ['live_analysis', 'store_observations'], purpose: 'check-in', text_version: '1'});
const small: Window = await browser.window(server, {...phone, deviceScaleFactor: 1.5});
await small.signIn('pat');
await small.open('/check-in');
await small.page.getByRole('button', {name: 'Start', exact: true}).click();
await small.page.getByRole('heading', {name: 'Look at the picture'}).waitFor({timeout: 120_000});
await small.page.waitForTimeout(3_000);
await small.shot('web-check-in');
await browser.close();
await server.end();
