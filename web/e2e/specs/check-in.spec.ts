import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Chromium, clean, phone, Server, type ApiClient, type Window} from '../harness.ts';

let server: Server, browser: Chromium, administrator: ApiClient;
before(async () => {
  server = await new Server().start();
  browser = await Chromium.launch();
  administrator = await server.administrator();
});
after(async () => {
  await browser?.close();
  await server?.end();
});

const patient = (window: Window) => window.context.setDefaultTimeout(60_000);
async function answer(window: Window, values: (number | null)[]) {
  const {page} = window;
  for (const [at, value] of values.entries()) {
    await page.getByText(new RegExp(`(Question|Pregunta) ${at + 1} (of|de) ${values.length}`)).waitFor();
    if (value === null) await page.getByRole('button', {name: /Leave this one out|Omitir esta/}).click();
    else await page.getByRole('radio').nth(value).click();
  }
}

test('on a phone: consent, a minute of camera with a reload, six questions, the result', async () => {
  const pat = await server.account(administrator, 'participant', 'pat');
  const {person} = (await pat.get('me')).account;
  const window = await browser.window(server, phone);
  patient(window);
  const {page} = window;
  await window.signIn('pat');
  await window.open('/check-in');
  await page.getByRole('heading', {name: 'What happens now'}).waitFor();
  await window.shot('check-in-consent', true);
  await clean(window);
  assert.ok(await page.getByRole('button', {name: 'I agree: start'}).isDisabled());
  await page.getByRole('checkbox', {name: /I agree/}).check();
  await page.getByRole('button', {name: 'I agree: start'}).click();
  await page.getByRole('heading', {name: 'Bring your face into the oval'}).waitFor();
  await window.shot('check-in-oval', true);
  await clean(window);
  await page.getByRole('heading', {name: 'Look at the picture'}).waitFor();
  await window.shot('check-in-calm', true);
  await clean(window);

  // A reload goes on with the same session.
  await page.reload();
  await page.getByRole('heading', {name: /Bring your face|Look at the picture/}).waitFor();
  assert.equal((await pat.get('sessions')).rows.length, 1);
  await page.getByText('Question 1 of 6').waitFor({timeout: 200_000});
  await window.shot('check-in-question', true);
  await clean(window);
  await answer(window, [4, 1, null, 2, 3, 2]);
  await page.getByRole('heading', {name: 'Your result'}).waitFor();
  await window.shot('check-in-result', true);
  await clean(window);

  const sessions = (await pat.get('sessions')).rows;
  assert.equal(sessions.length, 1);
  assert.equal(sessions[0].state, 'ended');
  // After the reload a face is somebody new to the server.
  assert.ok(sessions[0].summary.people.reduce((sum: number, one: {valid_frames: number}) => sum + one.valid_frames, 0) > 50, JSON.stringify(sessions[0].summary));
  const responses = (await pat.get(`responses?person=${person}`)).rows;
  assert.equal(responses.length, 1);
  assert.deepEqual(responses[0].answers, [4, 1, null, 2, 3, 2]);
  assert.equal(responses[0].session, sessions[0].id);
  const consents = (await pat.get(`people/${person}/consents`)).rows;
  assert.deepEqual(consents.map((each: {scopes: string[]}) => each.scopes).flat().sort(), ['live_analysis', 'store_observations']);
  assert.equal(consents[0].on_paper, false);
  await window.context.close();
});

test('stopped: the camera goes off, and what was measured is removed', async () => {
  const uma = await server.account(administrator, 'participant', 'uma');
  const {person} = (await uma.get('me')).account;
  await uma.post(`people/${person}/consents`, {scopes: ['live_analysis', 'store_observations'], purpose: 'check-in', text_version: '1'});
  const window = await browser.window(server, {...phone, colorScheme: 'dark', locale: 'es-ES'});
  patient(window);
  const {page} = window;
  await window.signIn('uma');
  await window.open('/check-in');
  await page.getByText('Lo acordó el').waitFor();
  await page.getByRole('button', {name: 'Empezar'}).click();
  await page.getByRole('heading', {name: 'Lleve la cara al óvalo'}).waitFor();
  await page.getByRole('button', {name: 'Parar'}).click();
  await page.getByRole('heading', {name: 'Ha parado la cámara'}).waitFor();
  await window.shot('check-in-stopped-es-dark', true);
  await clean(window);
  await page.getByRole('button', {name: 'Eliminarlo'}).click();
  await page.getByRole('heading', {name: 'Qué pasa ahora'}).waitFor();
  assert.equal((await uma.get('sessions')).rows.length, 0);
  // Only the questions, too.
  await page.getByRole('button', {name: 'Sin la cámara: solo las preguntas'}).click();
  await answer(window, [0, 4, 0, 4, 0, 4]);
  await page.getByRole('heading', {name: 'Su resultado'}).waitFor();
  await clean(window);
  assert.equal((await uma.get(`responses?person=${person}`)).rows[0].score.scales[0].score, 0);
  await window.context.close();
});

test('where a site looks at no expressions, none are mentioned', async () => {
  await administrator.expect(200, 'PATCH', 'site', {mode: 'fatigue_and_surveys', legal_basis: 'Agreement of the works council'});
  await server.account(administrator, 'participant', 'vic');
  const window = await browser.window(server);
  patient(window);
  const {page} = window;
  await window.signIn('vic');
  await window.open('/check-in');
  await page.getByText('how tired your eyes look').first().waitFor();
  const text = await page.locator('#main').innerText();
  assert.doesNotMatch(text, /express/i);
  await window.shot('check-in-fatigue-only');
  await clean(window);
  await window.context.close();
});
