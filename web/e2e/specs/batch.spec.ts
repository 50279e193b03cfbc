import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {Chromium, clean, phone, Server, type ApiClient} from '../harness.ts';
import {labelledFolder} from '../sets.ts';

let server: Server, browser: Chromium, administrator: ApiClient, rita: ApiClient;
let clip = '';
before(async () => {
  server = await new Server().start();
  browser = await Chromium.launch();
  administrator = await server.administrator();
  await administrator.expect(200, 'PATCH', 'site', {mode: 'research', legal_basis: 'for a test', research_approved: true});
  rita = await server.account(administrator, 'researcher', 'rita');
  clip = join(mkdtempSync(join(tmpdir(), 'pyrometer-clip-')), 'ward.mp4');
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-loop', '1', '-i', join(import.meta.dirname, '../../../.pyrometer/demo/astronaut.png'), '-t', '3', '-r', '12', '-vf', 'scale=640:-2,format=yuv420p', clip]);
});
after(async () => {
  await browser?.close();
  await server?.end();
});

const kLong = {timeout: 180_000};

test('a video is sent, analysed and read as series; its files can be saved; the job goes again', async () => {
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn('rita');
  await page.getByRole('link', {name: 'Batch prediction'}).click();
  await page.getByText('No jobs yet').waitFor();
  await window.shot('batch-empty');
  await clean(window);
  await page.getByTestId('files').setInputFiles(clip);
  await page.getByText(/ward\.mp4 \(/).waitFor();
  await page.getByRole('button', {name: 'Start', exact: true}).click();
  await page.waitForURL(/\/batch\/[0-9a-f-]{36}/, kLong);
  await page.getByRole('heading', {name: 'Over time'}).waitFor(kLong);
  await page.getByRole('img', {name: 'Face 1 over time'}).waitFor();
  await page.getByText('Not a diagnosis: it measures').waitFor();
  await window.shot('batch-analysis', true);
  await clean(window);
  await page.getByText('Table', {exact: true}).click();
  await page.getByRole('region', {name: 'Means over stretches of time'}).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', {name: 'frames.csv'}).click()]);
  assert.equal(download.suggestedFilename(), 'frames.csv');
  const {rows} = await rita.get('jobs');
  assert.equal(rows.length, 1);
  assert.equal(rows[0].kind, 'analyze');
  assert.equal(rows[0].state, 'done');
  await page.reload();
  await page.getByRole('heading', {name: 'Over time'}).waitFor();
  await page.getByRole('button', {name: 'Remove'}).click();
  await page.getByRole('dialog').getByRole('button', {name: 'Remove'}).click();
  await page.waitForURL((url) => url.pathname === '/batch');
  await page.getByText('No jobs yet').waitFor();
  assert.equal((await rita.get('jobs')).rows.length, 0);
  await window.context.close();
});

test('a folder of classes judges a model: matrix, cells with their pictures, figures, calibration', async () => {
  const folder = labelledFolder(3);
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn('rita');
  await window.open('/batch');
  await page.getByRole('tab', {name: 'Judge a model'}).click();
  await page.getByTestId('folder').setInputFiles(folder);
  await page.getByText('Happy 3').waitFor();
  await page.getByLabel('The pictures are cut-out faces already').check();
  await window.shot('batch-new-evaluation');
  await clean(window);
  await page.getByRole('button', {name: 'Start', exact: true}).click();
  await page.waitForURL(/\/batch\/[0-9a-f-]{36}/, kLong);
  await page.getByRole('heading', {name: 'What is taken for what'}).waitFor(kLong);
  await page.getByRole('img', {name: /Share that was right/}).locator('canvas').waitFor();
  await window.shot('batch-evaluation', true);
  await clean(window);
  const [job] = (await rita.get('jobs')).rows;
  const told = await rita.get(`jobs/${job.id}/results/evaluation.json`);
  assert.equal(told.n, 21);
  const matrix = page.getByRole('table', {name: /Confusion matrix/});
  const cells = await matrix.getByRole('button').allInnerTexts();
  assert.deepEqual(cells.map((text) => Number.parseInt(text, 10)), told.confusion.flat());
  // By keyboard from the first cell to its neighbour.
  await matrix.getByRole('button').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', {name: 'Disgust, and taken for it'}).waitFor();
  await window.shot('batch-cell');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({state: 'detached'});
  const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', {name: 'Classes as CSV'}).click()]);
  assert.equal(csv.suggestedFilename(), 'classes.csv');
  await clean(window);
  await window.context.close();
});

test('what is no labelled set is told before anything is sent', async () => {
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn('rita');
  await window.open('/batch');
  await page.getByRole('tab', {name: 'Judge a model'}).click();
  await page.getByTestId('folder').setInputFiles(labelledFolder(1, ['joyful']));
  await page.getByRole('alert').getByText('No class is called joyful').waitFor();
  assert.equal(await page.getByRole('button', {name: 'Start', exact: true}).isDisabled(), true);
  assert.deepEqual(window.complaints, []);
  await window.context.close();
});

test('an upload goes on where the network was cut, and where the page was left', async () => {
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn('rita');
  await window.open('/batch');
  // More than two pieces of 8 MiB: a film may have anything behind its end.
  const large = join(mkdtempSync(join(tmpdir(), 'pyrometer-large-')), 'ward.mp4');
  const padding = Buffer.alloc(20 * 2 ** 20, 7);
  padding.writeUInt32BE(padding.length);
  padding.write('free', 4);
  writeFileSync(large, Buffer.concat([readFileSync(clip), padding]));
  const sent: number[] = [];
  let cutAt: number | null = 8 * 2 ** 20;
  await page.route('**/pieces?offset=*', async (route) => {
    const offset = Number(new URL(route.request().url()).searchParams.get('offset'));
    sent.push(offset);
    if (offset === cutAt) await window.context.setOffline(true);
    await route.continue().catch(() => undefined);
  });
  await page.getByTestId('files').setInputFiles(large);
  await page.getByRole('button', {name: 'Start', exact: true}).click();
  await page.getByText('No network: goes on by itself').waitFor();
  await window.shot('batch-no-network');
  await page.reload().catch(() => undefined);
  await window.context.setOffline(false);
  // The same file chosen again goes on, and then once more by itself.
  await window.open('/batch');
  cutAt = 16 * 2 ** 20;
  await page.getByTestId('files').setInputFiles(large);
  await page.getByRole('button', {name: 'Start', exact: true}).click();
  await page.getByText('No network: goes on by itself').waitFor();
  cutAt = null;
  await window.context.setOffline(false);
  await page.waitForURL(/\/batch\/[0-9a-f-]{36}/, kLong);
  assert.equal(sent.filter((offset) => offset === 0).length, 1, 'what was there is not sent again');
  assert.deepEqual([...new Set(sent)], [0, 8 * 2 ** 20, 16 * 2 ** 20]);
  // Cancelled while it waits or runs: nothing of it is kept. It may also have ended meanwhile.
  await page.getByRole('button', {name: /^(Cancel the job|Remove)$/}).waitFor();
  await window.context.close();
});

test('on a phone, in the dark, in Spanish; another role sees why there is nothing', async () => {
  const window = await browser.window(server, {...phone, locale: 'es-ES', colorScheme: 'dark'});
  await window.signIn('rita');
  await window.open('/batch');
  await window.page.getByRole('heading', {name: 'Predicción por lotes'}).waitFor();
  await window.page.getByText('Evaluación').first().waitFor();
  await window.shot('batch-es-dark-phone', true);
  await clean(window);
  await window.page.getByRole('link', {name: 'Evaluación'}).first().click();
  await window.page.getByRole('heading', {name: 'Qué se toma por qué'}).waitFor();
  await window.shot('batch-evaluation-es-dark-phone', true);
  await clean(window);
  assert.equal(await window.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, 'nothing is wider than the phone');
  await window.context.close();
  await server.account(administrator, 'clinician', 'clara');
  const other = await browser.window(server);
  await other.signIn('clara');
  await other.open('/batch');
  await other.page.getByText("Not in this site's mode").waitFor();
  await clean(other);
  await other.context.close();
});
