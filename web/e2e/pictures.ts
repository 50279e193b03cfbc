// The pictures of README and docs/tour.md, of the demo's simulated people.   PYROMETER=… SHOTS=../docs/pictures node e2e/pictures.ts
import {Chromium, Server} from './harness.ts';

const server = await new Server().start();
const administrator = await server.administrator();
await administrator.expect(200, 'PATCH', 'site', {mode: 'clinical', legal_basis: 'Consent for care', name: 'Example clinic'});
const made = await administrator.post('demo', {seed: 7}, 202);
const told = made.accounts.find(({role}: {role: string}) => role === 'clinician');
const clinician = await server.api().settle(told.name, told.one_time_password);
while ((await administrator.get('demo')).state === 'adding') await new Promise((resolve) => setTimeout(resolve, 250));

const browser = await Chromium.launch();
const window = await browser.window(server, {viewport: {width: 1280, height: 800}});
await window.signIn(told.name);
const whole = async (path: string, name: string) => {
  await window.open(path);
  await window.page.getByRole('heading', {level: 1}).waitFor();
  await window.page.waitForFunction(() => !document.querySelector('.mantine-Skeleton-root, .mantine-Loader-root'));
  await window.shot(name);
};
const sessions = (await clinician.get('sessions?limit=50')).rows as {id: string; person: string}[];
const newest = sessions[0]!;
await whole('/', 'web-home');
await whole(`/people/${newest.person}`, 'web-weeks');
await whole(`/sessions/${newest.id}`, 'web-review');
await browser.close();
await server.end();
