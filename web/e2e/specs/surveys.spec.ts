import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Chromium, Server, phone, type ApiClient} from '../harness.ts';

let server: Server, browser: Chromium, clinician: ApiClient, participant: ApiClient, person: string;
before(async () => {
  server = await new Server(['--no-live']).start();
  const administrator = await server.administrator();
  await administrator.expect(200, 'PATCH', 'site', {mode: 'clinical', legal_basis: 'Consent for care (test)'});
  clinician = await server.account(administrator, 'clinician', 'clara');
  person = (await clinician.post('people', {pseudonym: 'P-1', name: 'Pat Sample'})).id;
  participant = await server.account(administrator, 'participant', 'pat', {person});
  browser = await Chromium.launch();
});
after(async () => {
  await browser?.close();
  await server?.end();
});

test('a participant answers on a phone; what was ticked survives a reload; the score is told and kept', async () => {
  const window = await browser.window(server, phone);
  const {page} = window;
  await window.signIn('pat');
  await window.open('/surveys');
  await page.getByRole('link', {name: 'Answer: Pyrometer check-in'}).click();
  const items = page.getByRole('group');
  await items.nth(0).getByRole('radio', {name: 'largely'}).check();
  await items.nth(1).getByRole('radio', {name: 'a little'}).check();
  await page.getByText('2 of 6 answered').waitFor();
  await page.reload();
  await page.getByText('2 of 6 answered').waitFor();
  assert.ok(await items.nth(0).getByRole('radio', {name: 'largely'}).isChecked());
  await window.shot('survey-take-phone');
  assert.deepEqual(await window.axe(), []);
  for (const [at, label] of [[2, 'partly'], [3, 'partly'], [4, 'not at all'], [5, 'very much']] as const) await items.nth(at).getByRole('radio', {name: label}).check();
  await page.getByRole('button', {name: 'Send', exact: true}).click();
  await page.getByText('Your answers are kept').waitFor();
  await window.shot('survey-done-phone');
  assert.deepEqual(await window.axe(), []);
  // Worked by hand: 3, 4-1, 2, 4-2, 0, 4-4 of 24.
  const kept = (await participant.get(`responses?person=${person}`)).rows;
  assert.deepEqual(kept.map((row: any) => row.answers), [[3, 1, 2, 2, 0, 4]]);
  assert.ok(Math.abs(kept[0].score.scales[0].score - (100 * 10) / 24) < 1e-9);
  await page.getByText('41.67').waitFor();
  await page.getByRole('link', {name: 'See it beside earlier answers'}).click();
  await page.getByRole('heading', {name: 'History'}).waitFor();
  assert.deepEqual(window.complaints, []);
  await window.context.close();
});

test('a clinician chooses who answers, enters a licensed sheet, sees scoring and history', async () => {
  for (const [day, answer] of [['2026-09-01', 1], ['2026-10-01', 2], ['2026-11-01', 3]] as const) {
    await clinician.post('responses', {person, instrument: 'pss-10', answers: [answer, answer, answer, 4 - answer, 4 - answer, answer, 4 - answer, 4 - answer, answer, answer], taken: `${day}T09:00:00Z`});
  }
  const window = await browser.window(server, {colorScheme: 'dark'});
  const {page} = window;
  await window.signIn('clara');
  await page.getByRole('link', {name: 'Surveys', exact: true}).click();
  await page.getByRole('combobox', {name: 'Person'}).click();
  await page.getByRole('option', {name: /Pat Sample/}).click();
  await page.waitForURL(/person=/);
  await window.shot('surveys-dark');
  assert.deepEqual(await window.axe(), []);
  await page.getByRole('link', {name: /Scoring and history: Perceived Stress Scale, 10/}).click();
  await page.getByRole('heading', {name: 'History'}).waitFor();
  await page.locator('canvas').first().waitFor();
  await window.shot('survey-history-dark', true);
  assert.deepEqual(await window.axe(), []);
  await page.getByText('Table', {exact: true}).first().click();
  await page.getByRole('cell', {name: '30.00'}).waitFor();
  await page.getByRole('link', {name: 'Answer', exact: true}).click();
  const items = page.getByRole('group');
  for (let at = 0; at < 10; at += 1) await items.nth(at).getByRole('radio', {name: '2'}).check();
  await page.getByRole('button', {name: 'Send', exact: true}).click();
  await page.getByText('Level: moderate').waitFor();
  assert.equal((await clinician.get(`responses?person=${person}&instrument=pss-10`)).rows.length, 4);
  assert.deepEqual(window.complaints, []);
  await window.context.close();
});

test('an administrator sees how questionnaires are scored and nobody to answer them', async () => {
  const window = await browser.window(server);
  await window.signIn(server.first!.name);
  await window.open('/surveys');
  await window.page.getByRole('link', {name: /Scoring and history: WHO/}).waitFor();
  assert.equal(await window.page.getByRole('link', {name: /^Answer/}).count(), 0);
  assert.deepEqual(window.complaints, []);
  await window.context.close();
});
