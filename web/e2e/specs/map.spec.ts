import assert from 'node:assert/strict';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {type ApiClient, Chromium, Server} from '../harness.ts';
import {labelledFolder} from '../sets.ts';
import {readdirSync, readFileSync} from 'node:fs';

let server: Server, browser: Chromium, rita: ApiClient;
before(async () => {
  server = await new Server().start();
  browser = await Chromium.launch();
  const administrator = await server.administrator();
  await administrator.expect(200, 'PATCH', 'site', {mode: 'research', legal_basis: 'for a test', research_approved: true});
  rita = await server.account(administrator, 'researcher', 'rita');
});
after(async () => {
  await browser?.close();
  await server?.end();
});
const kLong = {timeout: 180_000};

test('the map is drawn, a face is placed by file and by camera, and nothing of it is kept', async () => {
  const dataset = (await rita.post('datasets', {name: 'stripes'})).id;
  const folder = labelledFolder(1, ['angry']);
  for (const file of readdirSync(join(folder, 'angry'))) await rita.ask('POST', `datasets/${dataset}/pictures?label=angry&name=${file}`, undefined, {type: 'image/png', bytes: readFileSync(join(folder, 'angry', file))});
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn('rita');
  await window.open('/map');
  await page.getByRole('img', {name: 'Map of faces by what the model sees alike'}).locator('canvas').waitFor();
  await page.getByTestId('files').setInputFiles(join(import.meta.dirname, '../../../.pyrometer/demo/astronaut.png'));
  await page.getByText('Its neighbours on the map are mostly labelled').waitFor(kLong);
  await window.shot('map-placed', true);
  assert.deepEqual(await window.axe(), []);
  await page.getByRole('button', {name: 'Use the camera'}).click();
  const asked = await page.waitForResponse((answer) => answer.url().endsWith('/api/v1/map/places'), kLong);
  assert.equal(asked.status(), 200);
  await page.getByRole('button', {name: 'Stop the camera'}).click();
  assert.equal((await rita.get('captures')).rows.length, 0);
  await page.getByText('Table', {exact: true}).click();
  await page.getByRole('region', {name: /How many faces/}).waitFor();
  assert.deepEqual(window.complaints, []);
  await window.context.close();
});
