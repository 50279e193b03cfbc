import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Chromium, Server, clean, phone, type ApiClient} from '../harness.ts';

let server: Server, browser: Chromium, researcher: ApiClient;
before(async () => {
  server = await new Server(['--no-live']).start();
  const administrator = await server.administrator();
  await administrator.expect(200, 'PATCH', 'site', {mode: 'research', legal_basis: 'Approved study (test)', research_approved: true});
  researcher = await server.account(administrator, 'researcher', 'rita');
  browser = await Chromium.launch();
});
after(async () => {
  await browser?.close();
  await server?.end();
});

test('a researcher compares a table of pairs and reads what it shows', async () => {
  // y = x, but for one pair: with distinct persons, so that everything is shown.
  const rows = [[10, 12], [20, 19], [30, 33], [40, 38], [50, 52], [60, 71], [70, 69], [80, 78]];
  const csv = `person,score,survey\n${rows.map(([x, y], at) => `P${at},${x},${y}`).join('\n')}\n`;
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn('rita');
  await page.getByRole('link', {name: 'Studies', exact: true}).click();
  await page.getByText('A table of pairs').click();
  await page.getByTestId('files').setInputFiles({name: 'pairs.csv', mimeType: 'text/csv', buffer: Buffer.from(csv)});
  await page.getByText('pairs.csv').waitFor();
  await page.getByLabel('Permutations').fill('500');
  await window.shot('studies');
  assert.deepEqual(await window.axe(), []);
  await page.getByRole('button', {name: 'Compare'}).click();
  await page.getByRole('heading', {name: 'In words'}).waitFor();
  await page.locator('canvas').nth(1).waitFor();
  const job = (await researcher.get('jobs')).rows[0];
  assert.equal(job.kind, 'validate');
  const r = job.result.comparisons[0].r;
  const mean = (at: number) => rows.reduce((sum, row) => sum + row[at]!, 0) / rows.length;
  const [mx, my] = [mean(0), mean(1)];
  const s = (a: number, b: number, ma: number, mb: number) => rows.reduce((sum, row) => sum + (row[a]! - ma) * (row[b]! - mb), 0);
  assert.ok(Math.abs(r - s(0, 1, mx, my) / Math.sqrt(s(0, 0, mx, mx) * s(1, 1, my, my))) < 1e-9);
  await page.getByRole('cell', {name: r.toFixed(3), exact: true}).waitFor();
  await page.getByRole('link', {name: /validation\.pdf/}).waitFor();
  // The page says what the report says.
  const words = () => page.getByRole('heading', {name: /^(In words|En palabras)$/}).locator('xpath=ancestor::section').getByRole('listitem').allInnerTexts();
  const {findings, statements} = await researcher.get(`jobs/${job.id}/results/validation.json`);
  assert.ok(findings.length > 3 && findings.length === statements.length);
  assert.deepEqual(await words(), findings);
  await window.shot('study', true);
  assert.deepEqual(await window.axe(), []);
  await page.reload();
  await page.getByRole('heading', {name: 'In words'}).waitFor();
  assert.deepEqual(window.complaints, []);
  await window.context.close();
  // And in Spanish the same number of sentences with the same figures, none of them in English.
  const spanish = await browser.window(server, {...phone, locale: 'es-ES', colorScheme: 'dark'});
  await spanish.signIn('rita');
  await spanish.open(`/studies/${job.id}`);
  const told = spanish.page.getByRole('heading', {name: 'En palabras'}).locator('xpath=ancestor::section').getByRole('listitem');
  await told.first().waitFor();
  // Points and commas mean each other's in the two languages.
  const figures = (sentence: string) => sentence.match(/-?\d+([.,]\d+)*/g)?.map((each) => each.replace(/[.,]/g, ''));
  const said = await told.allInnerTexts();
  assert.deepEqual(said.map(figures), findings.map(figures));
  assert.ok(said.every((each, at) => each !== findings[at]));
  await spanish.shot('study-es-dark-phone', true);
  await clean(spanish);
  await spanish.context.close();
});

test('in Spanish, why nothing can be said is said in Spanish', async () => {
  const csv = 'person,score,survey\nP1,10,12\nP1,20,19\nP1,35,30\nP2,40,41\nP2,55,60\nP2,70,66\n';
  const window = await browser.window(server, {locale: 'es-ES'});
  const {page} = window;
  await window.signIn('rita');
  await window.open('/studies');
  await page.getByText('Una tabla de pares').click();
  await page.getByTestId('files').setInputFiles({name: 'pairs.csv', mimeType: 'text/csv', buffer: Buffer.from(csv)});
  await page.getByRole('button', {name: 'Comparar'}).click();
  await page.getByText(/una correlación necesita al menos 3 pares, y hay 2\./).waitFor();
  await window.shot('study-few-es', true);
  await clean(window);
  await window.context.close();
});

test('a table that does not hold what it should fails with the reason', async () => {
  const window = await browser.window(server, {colorScheme: 'dark'});
  const {page} = window;
  await window.signIn('rita');
  await window.open('/studies');
  await page.getByText('A table of pairs').click();
  await page.getByTestId('files').setInputFiles({name: 'wrong.csv', mimeType: 'text/csv', buffer: Buffer.from('who,what\na,1\nb,2\n')});
  await page.getByRole('button', {name: 'Compare'}).click();
  await page.getByRole('alert').getByText(/column/).waitFor();
  await window.shot('study-failed-dark');
  assert.deepEqual(await window.axe(), []);
  assert.deepEqual(window.complaints, []);
  await window.context.close();
});
