import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {Chromium, clean, phone, Server, until, type ApiClient} from '../harness.ts';
import {labelledFolder} from '../sets.ts';

// The trainer stands beside the program or is named; without it there are no runs, and the page says what is missing.
const trainer = process.env.PYROMETER_TRAIN ?? '';
const hasTrainer = existsSync(trainer);
let server: Server, browser: Chromium, administrator: ApiClient, rita: ApiClient;
const folder = mkdtempSync(join(tmpdir(), 'pyrometer-registry-'));
before(async () => {
  server = await new Server(['--registry', join(folder, 'registry'), ...(hasTrainer ? ['--trainer', trainer] : [])]).start();
  browser = await Chromium.launch();
  administrator = await server.administrator();
  await administrator.expect(200, 'PATCH', 'site', {mode: 'research', legal_basis: 'for a test', research_approved: true});
  rita = await server.account(administrator, 'researcher', 'rita');
});
after(async () => {
  await browser?.close();
  await server?.end();
});

const kLong = {timeout: 240_000};
let run = '';

test('a run is started from a folder and a preset, watched, and its model taken in, compared, promoted, rolled back', {skip: !hasTrainer}, async () => {
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn('rita');
  await page.getByRole('link', {name: 'Training'}).click();
  await page.getByText('No runs yet').waitFor();
  await page.getByText('Files from here').click();
  await page.getByTestId('folder').setInputFiles(labelledFolder(12));
  await page.getByText('Happy 12').waitFor();
  await page.getByText('From the start').click();
  await page.getByText('Quick try').click();
  await page.getByRole('button', {name: 'All parameters'}).click();
  await page.getByLabel('Epochs', {exact: true}).fill('4');
  await page.getByLabel('Learning rate').fill('0.1');
  await window.shot('training-new', true);
  await clean(window);
  await page.getByRole('button', {name: 'Start training'}).click();
  await page.waitForURL(/\/training\/[0-9a-f-]{36}/, kLong);
  run = page.url().split('/').at(-1)!;
  await page.getByRole('heading', {name: 'Learning curves'}).waitFor(kLong);
  await window.shot('training-runs');
  await page.getByRole('heading', {name: 'From here to use'}).waitFor(kLong);
  await page.getByRole('img', {name: /epoch by epoch/}).waitFor();
  await window.shot('training-done', true);
  await clean(window);
  const job = await rita.get(`jobs/${run}`);
  assert.equal(job.result.epochs.length, 4);
  assert.equal(job.request.options.epochs, 4);
  await page.getByText('Table', {exact: true}).first().click();
  assert.equal(await page.getByRole('region', {name: 'Right on pictures held out'}).getByRole('row').count(), 5);

  const admin = await browser.window(server);
  await admin.signIn(server.first!.name);
  await admin.open(`/models?job=${run}`);
  assert.equal(await admin.page.getByLabel('Job').inputValue(), run);
  await admin.page.getByLabel('Name').fill('ward');
  await admin.page.getByLabel('Licence').fill('for a test');
  await admin.shot('models', true);
  await clean(admin);
  await admin.page.getByRole('button', {name: 'Take it in'}).click();
  await admin.page.waitForURL(/\/models\/ward/, kLong);
  await admin.page.getByText('Self-test passed').waitFor();
  await admin.page.getByRole('button', {name: 'Promote'}).click();
  await admin.page.getByRole('dialog').getByRole('button', {name: 'Promote'}).click();
  await admin.page.getByText('Expressions are read by it.').waitFor();
  await admin.shot('model-promoted');
  await clean(admin);
  const used = (await rita.get('models')).rows.find((row: {meant_by: string[]}) => row.meant_by.includes('expression'));
  assert.equal(used.reference, 'ward@1.0.0');

  // The one who trained it sees how far it is, and compares.
  await page.reload();
  await page.getByText('It is in use.').waitFor();
  await page.getByRole('link', {name: /Open ward@1\.0\.0/}).click();
  await page.getByRole('tab', {name: 'Before and after'}).click();
  await page.getByTestId('folder').setInputFiles(labelledFolder(4));
  await page.getByLabel('The pictures are cut-out faces already').check();
  await page.getByRole('combobox', {name: 'Compare with'}).click();
  await page.getByRole('option', {name: /^expression@/}).first().click();
  await window.shot('model-compare');
  await clean(window);
  await page.getByRole('button', {name: 'Start', exact: true}).click();
  await page.waitForURL(/\/batch\/[0-9a-f-]{36}/, kLong);
  await page.getByRole('heading', {name: /^Compared with expression@/}).waitFor(kLong);
  await window.shot('model-comparison', true);
  await clean(window);

  await admin.page.getByRole('button', {name: 'Roll back'}).click();
  await admin.page.getByRole('dialog').getByRole('button', {name: 'Roll back'}).click();
  await admin.page.getByRole('button', {name: 'Promote'}).waitFor();
  const back = (await rita.get('models')).rows.find((row: {meant_by: string[]}) => row.meant_by.includes('expression'));
  assert.match(back.reference, /^expression@/);
  await admin.context.close();
  await window.context.close();
});

test('a run is paused, stays as it is over a reload, and goes on from its last epoch', {skip: !hasTrainer}, async () => {
  const window = await browser.window(server, phone);
  const {page} = window;
  await window.signIn('rita');
  await window.open('/training');
  await page.getByText('Files from here').click();
  await page.getByTestId('folder').setInputFiles(labelledFolder(12));
  await page.getByText('From the start', {exact: true}).click();
  await page.getByText('Quick try').click();
  await page.getByRole('button', {name: 'All parameters'}).click();
  await page.getByLabel('Epochs', {exact: true}).fill('100');
  await page.getByRole('button', {name: 'Start training'}).click();
  await page.waitForURL(/\/training\/[0-9a-f-]{36}/, kLong);
  const id = page.url().split('/').at(-1)!;
  const learnt = async () => (await rita.get(`jobs/${id}`)).result?.epochs ?? [];
  await until('two epochs', learnt, (epochs) => epochs.length >= 2, 200);
  await page.getByRole('button', {name: 'Pause'}).click();
  await page.getByText('Paused. It goes on').waitFor();
  const before = await learnt();
  assert.ok(before.length >= 2 && before.length < 100, `${before.length} epochs`);
  await page.reload();
  await page.getByRole('button', {name: 'Resume'}).waitFor();
  await page.getByRole('heading', {name: 'Learning curves'}).waitFor();
  await window.shot('training-paused-phone', true);
  await clean(window);
  assert.deepEqual(await learnt(), before);
  await page.getByRole('button', {name: 'Resume'}).click();
  await page.getByRole('heading', {name: 'From here to use'}).waitFor(kLong);
  const job = await rita.get(`jobs/${id}`);
  assert.deepEqual(job.result.epochs.map((each: {epoch: number}) => each.epoch), [...Array(100).keys()]);
  // The very epochs of before, with the seconds that they took.
  assert.deepEqual(job.result.epochs.slice(0, before.length - 1), before.slice(0, -1));
  await rita.expect(409, 'POST', `jobs/${id}/pause`);
  assert.deepEqual(window.complaints, []);
  await window.context.close();
});

test('a card is read as headings and tables; an audit tells groups apart', async () => {
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn('rita');
  await page.getByRole('link', {name: 'Models'}).click();
  await page.getByRole('link', {name: /^expression@/}).first().click();
  await page.getByRole('heading', {name: /Model card/}).waitFor();
  assert.ok((await page.getByRole('table').count()) > 1);
  assert.equal(await page.getByRole('button', {name: 'Promote'}).count(), 0, 'not for researchers');
  await window.shot('model-card', true);
  await clean(window);
  const set = join(mkdtempSync(join(tmpdir(), 'pyrometer-audit-')), 'people');
  mkdirSync(set);
  const picture = join(import.meta.dirname, '../../../.pyrometer/demo/astronaut.png');
  for (const at of [0, 1, 2, 3]) execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-i', picture, '-vf', `eq=brightness=${at / 50}`, join(set, `${at}.png`)]);
  writeFileSync(join(set, 'labels.csv'), `path,age,gender\n${[0, 1, 2, 3].map((at) => `${at}.png,${20 + 30 * (at % 2)},${'mf'[at % 2]}`).join('\n')}\n`);
  await page.getByRole('tab', {name: 'Fairness'}).click();
  await page.getByTestId('folder').setInputFiles(set);
  await page.getByRole('button', {name: 'Start the audit'}).click();
  await page.waitForURL(/\/models\/audit\//, kLong);
  await page.getByRole('heading', {name: 'What stands out'}).waitFor(kLong);
  await page.getByRole('heading', {name: 'gender', exact: true}).waitFor();
  await window.shot('model-audit', true);
  await clean(window);
  await window.context.close();
});

test('on a phone, in the dark, in Spanish', async () => {
  const window = await browser.window(server, {...phone, locale: 'es-ES', colorScheme: 'dark'});
  const {page} = window;
  await window.signIn('rita');
  for (const path of ['/training', ...(run ? [`/training/${run}`] : []), '/models', '/models/expression']) {
    await window.open(path);
    await page.getByRole('heading', {level: 1}).waitFor();
    await page.getByRole('heading', {level: 2}).first().waitFor();
    await window.shot(`${path.slice(1).replace(/\/.*/, '')}-${path.split('/').length}-es-dark-phone`, true);
    await clean(window);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, `${path} is not wider than the phone`);
  }
  await window.context.close();
});
