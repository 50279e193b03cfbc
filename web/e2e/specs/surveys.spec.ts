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

test('an administrator builds a questionnaire; it survives a reload, says what is missing, is tried and published', async () => {
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn(server.first!.name);
  await window.open('/surveys');
  await page.getByRole('link', {name: 'Questionnaires of your own'}).click();
  await page.getByLabel('Title').fill('Sleep of the ward');
  assert.equal(await page.getByLabel('Short name').inputValue(), 'own-sleep-of-the-ward');
  assert.deepEqual(await window.axe(), []);
  await page.getByRole('button', {name: 'Begin'}).click();
  await page.getByText('Left to do').waitFor();
  // Four answers from 0 to 3; three questions, the second turned.
  await page.getByRole('combobox', {name: 'How many answers'}).click();
  await page.getByRole('option', {name: '4', exact: true}).click();
  for (const [at, label] of ['never', 'seldom', 'often', 'always'].entries()) await page.getByLabel(`Label of ${at}`).fill(label);
  for (const [at, text] of ['I lay awake.', 'I slept through.', 'I was tired.'].entries()) {
    if (at > 0) await page.getByRole('button', {name: 'Add a question'}).click();
    await page.getByRole('textbox', {name: `Question ${at + 1}`, exact: true}).fill(text);
  }
  await page.getByRole('checkbox', {name: 'Question 2 is turned'}).check();
  await page.getByLabel('Title of the scale').fill('Poor sleep');
  await page.getByRole('switch', {name: /low, moderate or high: scale 1/}).check();
  await page.getByRole('button', {name: 'Three levels'}).click();
  await page.getByLabel('Level 2 begins at').fill('4');
  await page.getByLabel('Level 3 begins at').fill('7');
  await page.getByText('Saved as a draft').waitFor();
  await page.getByLabel('What time it asks about').fill('the last night');
  await page.reload();
  assert.equal(await page.getByRole('textbox', {name: 'Question 3', exact: true}).inputValue(), 'I was tired.');
  assert.equal(await page.getByLabel('What time it asks about').inputValue(), 'the last night', 'what had not reached the server yet');
  assert.ok(await page.getByRole('checkbox', {name: 'Question 2 is turned'}).isChecked());
  assert.equal(await page.getByRole('group', {name: 'Poor sleep'}).getByLabel('Short name').inputValue(), 'poor_sleep');
  // It is tried before all is there: 3, 3-0 and 2 make 8.
  const preview = page.getByRole('region', {name: 'Preview'});
  await page.getByText('Saved as a draft').waitFor();
  for (const [at, label] of ['always', 'never', 'often'].entries()) await preview.getByRole('group').nth(at).getByRole('radio', {name: label}).check();
  await preview.getByText('Level: high').waitFor();
  await preview.getByText('8', {exact: true}).waitFor();
  await window.shot('survey-builder', true);
  assert.deepEqual(await window.axe(), []);
  // The one thing that is missing is said, and gone to.
  await page.getByRole('button', {name: 'Publish …'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Publish'}).click();
  const source = page.getByLabel('Where the levels were published or agreed');
  await page.getByText('Fill this in.').first().waitFor();
  await page.waitForFunction(() => document.activeElement?.id === 'at-scales-0-cutoffs-source');
  await source.fill('agreed in the ward');
  // Spanish is begun: each text of it is asked for.
  await page.getByRole('combobox', {name: 'Add a language'}).click();
  await page.getByRole('option', {name: 'español'}).click();
  await page.getByText('7 things').waitFor();
  for (const [at, label] of ['nunca', 'rara vez', 'a menudo', 'siempre'].entries()) await page.getByLabel(`Label of ${at}`).fill(label);
  for (const [at, text] of ['Estuve despierto.', 'Dormí de un tirón.', 'Estuve cansado.'].entries()) await page.getByRole('textbox', {name: `Question ${at + 1}`, exact: true}).fill(text);
  await page.getByText('Nothing is missing').waitFor();
  await preview.getByText('Dormí de un tirón.').waitFor();
  await page.getByRole('button', {name: 'Publish …'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Publish'}).click();
  await page.getByText('What was published stays as it is').waitFor();
  await window.shot('survey-published', true);
  assert.deepEqual(await window.axe(), []);
  assert.deepEqual(window.complaints, []);
  await window.context.close();
});

test('what was built here is answered as any other; its next edition leaves what was answered as it is', async () => {
  const takes = async (score: string, at: readonly string[]) => {
    const window = await browser.window(server, {...phone, colorScheme: 'dark'});
    const {page} = window;
    await window.signIn('pat');
    await window.open('/surveys');
    await page.getByRole('link', {name: /Answer: Sleep of the ward/}).click();
    for (const [item, label] of at.entries()) await page.getByRole('group').nth(item).getByRole('radio', {name: label}).check();
    await page.getByRole('button', {name: 'Send', exact: true}).click();
    await page.getByText('Your answers are kept').waitFor();
    await page.getByText(score, {exact: true}).waitFor();
    assert.deepEqual(window.complaints, []);
    return window;
  };
  await (await takes('9', ['always', 'never', 'always'])).context.close();
  const window = await browser.window(server, {...phone, colorScheme: 'dark'});
  const {page} = window;
  await window.signIn(server.first!.name);
  await window.open('/surveys/own');
  await page.getByRole('link', {name: 'Sleep of the ward'}).click();
  await page.getByRole('button', {name: 'Change it as the next edition'}).click();
  await page.getByText('Edition 2').waitFor();
  await page.getByRole('button', {name: 'Remove question 3'}).click();
  await page.getByText('This lies above the greatest score, 6.').first().waitFor();
  await window.shot('survey-builder-phone-dark');
  assert.deepEqual(await window.axe(), []);
  await page.getByLabel('Level 2 begins at').fill('2');
  await page.getByLabel('Level 3 begins at').fill('5');
  await page.getByText('Nothing is missing').waitFor();
  await page.getByText('Try it', {exact: true}).click();
  await page.getByRole('region', {name: 'Preview'}).getByText('I slept through.').waitFor();
  await window.shot('survey-builder-try-phone-dark');
  assert.deepEqual(await window.axe(), []);
  await page.getByRole('button', {name: 'Publish …'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Publish'}).click();
  await page.getByText('What was published stays as it is').waitFor();
  assert.deepEqual(window.complaints, []);
  await window.context.close();
  const after = await takes('6', ['always', 'never']);
  const kept = (await participant.get(`responses?person=${person}&instrument=own-sleep-of-the-ward`)).rows;
  assert.deepEqual(kept.map((row: any) => [row.definition, row.score.scales[0].score]), [['1', 9], ['2', 6]]);
  await after.page.getByRole('link', {name: 'See it beside earlier answers'}).click();
  await after.page.getByText('1 answer to an earlier edition').waitFor();
  await after.shot('survey-editions-phone-dark', true);
  assert.deepEqual(await after.axe(), []);
  await after.context.close();
});
