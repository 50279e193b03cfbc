import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {addDemo, type DemoAccount} from '../demo.ts';
import {Chromium, phone, Server} from '../harness.ts';

let server: Server, browser: Chromium, demo: Record<string, DemoAccount>;
before(async () => {
  server = await new Server().start();
  demo = await addDemo(server, await server.administrator(), ['clinician', 'participant']);
  browser = await Chromium.launch();
});
after(async () => {
  await browser?.close();
  await server?.end();
});

test('keywords beside expressions, of everybody and of one, lead to their moments', async () => {
  const {name, api} = demo.clinician!;
  const {rows: people} = await api.get('people?limit=200');
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn(name);
  await window.open('/analytics');
  await page.getByRole('img', {name: /Keywords by expressions/}).waitFor();
  await window.shot('analytics');
  assert.deepEqual(await window.axe(), []);
  await page.getByRole('radiogroup', {name: 'Show as'}).getByText('Table').click();
  const table = page.getByRole('table').filter({hasText: 'Keywords and expressions'});
  const shown = await table.getByRole('row').count() - 1;
  const words = new Set<string>();
  for (const person of people) for (const row of (await api.get(`people/${person.id}/topics`)).rows) words.add(row.keyword);
  assert.equal(shown, words.size);
  // A team's people: the words that they used, how often, and their moments.
  const members: {team: string; team_name: string; person: string}[] = (await api.get('memberships?limit=200')).rows;
  const {team, team_name} = members[0]!;
  const theirs = new Map<string, number>();
  for (const member of members.filter((each) => each.team === team)) for (const row of (await api.get(`people/${member.person}/topics`)).rows) theirs.set(row.keyword, (theirs.get(row.keyword) ?? 0) + row.times);
  const everybodys = await table.innerText();
  await page.getByRole('combobox', {name: 'Team'}).click();
  await page.getByRole('option', {name: team_name}).click();
  await page.waitForFunction(([before]) => document.querySelector('table')?.innerText !== before, [everybodys]);
  await page.getByRole('radiogroup', {name: 'Show as'}).getByText('Table').click();
  for (const [word, times] of theirs) await table.getByRole('row').filter({has: page.getByRole('button', {name: word, exact: true})}).getByRole('cell', {name: String(times), exact: true}).first().waitFor();
  assert.equal(await table.getByRole('row').count() - 1, theirs.size);
  await window.shot('analytics-team', true);
  await page.getByRole('combobox', {name: 'Team'}).click();
  await page.getByRole('option', {name: team_name}).click(); // chosen again it is let go
  await page.getByText('everybody').or(page.getByPlaceholder('everybody')).first().waitFor();
  // A stretch of time that has nothing.
  await page.getByLabel('Until').fill('2001-01-01');
  await page.getByText('No keywords here').waitFor();
  await page.getByLabel('Until').fill('');
  await page.getByRole('radiogroup', {name: 'Show as'}).getByText('Table').click();
  await table.getByRole('button').first().click();
  await page.getByRole('heading', {name: /^Moments of/}).waitFor();
  await page.getByRole('link', {name: 'Show this moment'}).first().waitFor();
  await window.shot('analytics-moments', true);
  assert.deepEqual(await window.axe(), []);
  await page.getByRole('link', {name: 'Show this moment'}).first().click();
  await page.waitForURL(/\/sessions\/.*at=/);
  await page.getByRole('heading', {name: 'In short'}).waitFor();
  assert.deepEqual(window.complaints, []);
  await window.context.close();
});

test('on a phone in the dark', async () => {
  const window = await browser.window(server, {...phone, colorScheme: 'dark'});
  await window.signIn(demo.clinician!.name);
  await window.open('/analytics');
  await window.page.getByRole('img', {name: /Keywords by expressions/}).waitFor();
  await window.shot('analytics-dark-phone', true);
  assert.deepEqual(await window.axe(), []);
  assert.deepEqual(window.complaints, []);
  await window.context.close();
});
