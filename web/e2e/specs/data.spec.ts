import assert from 'node:assert/strict';
import {copyFileSync, mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {Chromium, clean, phone, Server, until, type ApiClient} from '../harness.ts';
import {labelledFolder} from '../sets.ts';

let server: Server, browser: Chromium, administrator: ApiClient, rita: ApiClient;
before(async () => {
  server = await new Server().start();
  browser = await Chromium.launch();
  administrator = await server.administrator();
  await administrator.expect(200, 'PATCH', 'site', {mode: 'research', legal_basis: 'for a test', research_approved: true});
  rita = await server.account(administrator, 'researcher', 'rita');
});
after(async () => {
  await browser?.close();
  await server?.end();
});

const kLong = {timeout: 120_000};
let dataset = '';
const counts = () => rita.get<{items: number; unlabelled: number; counts: Record<string, number>}>(`datasets/${dataset}/counts`);

test('a data set is made, filled by a folder, labelled by keyboard, taken back, frozen', async () => {
  const folder = labelledFolder(4);
  // One of the happy ones lies among the sad ones, too; and some pictures have no class.
  copyFileSync(join(folder, 'happy', '0.png'), join(folder, 'sad', 'the-same.png'));
  mkdirSync(join(folder, 'new'));
  for (const at of [1, 2, 3]) copyFileSync(join(labelledFolder(1), 'fear', '0.png'), join(folder, 'new', `${at}.png`));
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn('rita');
  await page.getByRole('link', {name: 'Data sets'}).click();
  await page.getByText('No data sets yet').waitFor();
  await window.shot('data-empty');
  await clean(window);
  await page.getByLabel('Name').fill('ward faces');
  // What was typed survives a reload.
  await page.reload();
  assert.equal(await page.getByLabel('Name').inputValue(), 'ward faces');
  await page.getByRole('button', {name: 'Make it'}).click();
  await page.waitForURL(/\/data\/[0-9a-f-]{36}/);
  dataset = page.url().split('/').at(-1)!;
  await page.getByTestId('folder').setInputFiles(folder);
  await page.getByText(/\d+ pictures were added/).waitFor(kLong);
  const before = await counts();
  assert.equal(before.items, 32);
  assert.equal(before.unlabelled, 3);
  await page.getByRole('option').first().waitFor();
  await window.shot('data-pictures');
  await clean(window);

  await page.getByRole('button', {name: 'No label 3', exact: true}).click();
  const grid = page.getByRole('listbox', {name: 'Pictures'});
  await page.getByRole('option').nth(2).waitFor();
  await page.getByRole('option').first().click();
  await grid.press('4');
  await grid.press('5');
  await until('labels', counts, (now) => now.unlabelled === 1);
  await grid.press('u');
  await until('labels', counts, (now) => now.unlabelled === 2);
  await grid.press('Control+a');
  await page.getByText('3 pictures are chosen.').waitFor();
  await grid.press('3');
  await until('labels', counts, (now) => now.counts.fear === 7);
  await page.getByRole('button', {name: 'Undo'}).click();
  await until('labels', counts, (now) => now.counts.fear === 4);
  await window.shot('data-labelling');
  await clean(window);

  await page.getByRole('tab', {name: 'Versions'}).click();
  await page.getByLabel('Name').fill('first labelling');
  await page.getByRole('button', {name: 'Freeze'}).click();
  await page.getByRole('columnheader', {name: /first labelling/}).waitFor();
  await window.shot('data-versions');
  await clean(window);
  const {rows} = await rita.get(`datasets/${dataset}/versions`);
  assert.equal(rows[0].name, 'first labelling');
  assert.equal(rows[0].pictures, 32);
  await window.context.close();
});

test('the same picture in two classes is found and decided', async () => {
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn('rita');
  await window.open(`/data/${dataset}`);
  await page.getByRole('tab', {name: /Duplicates/}).click();
  await page.getByText('stands in two classes').first().waitFor();
  await window.shot('data-duplicates', true);
  await clean(window);
  const conflicts = async (): Promise<number> => (await rita.get(`datasets/${dataset}/duplicates`)).exact.conflicts;
  assert.equal(await conflicts(), 1);
  await page.getByLabel('Label all').first().click();
  await page.getByRole('option', {name: 'Happy'}).click();
  await until('conflicts', conflicts, (now) => now === 0);
  await page.getByRole('button', {name: 'Undo'}).click();
  await until('conflicts', conflicts, (now) => now === 1);
  assert.deepEqual(window.complaints, []);
  await window.context.close();
});

test('on a phone in the dark; an administrator is told whose this is', async () => {
  const window = await browser.window(server, {...phone, colorScheme: 'dark', locale: 'es-ES'});
  await window.signIn('rita');
  await window.open(`/data/${dataset}`);
  await window.page.getByRole('option').first().waitFor();
  await window.shot('data-es-dark-phone', true);
  await clean(window);
  assert.equal(await window.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, 'nothing is wider than the phone');
  await window.context.close();
  const other = await browser.window(server);
  await other.signIn(server.first!.name);
  await other.open(`/data/${dataset}`);
  await other.page.getByText('For researchers and clinicians').waitFor();
  await clean(other);
  await other.context.close();
});
