// How long the pages take to answer a hand on a site of 1,000 people × 200 sessions: the time from each press to the next paint (Event Timing), the
// greatest per page, and how long the page took to stand whole.   PYROMETER=… FILL=…/bench/fill_site node e2e/interactions.ts [PEOPLE SESSIONS]
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import type {Page} from 'playwright-core';
import {Chromium, Server} from './harness.ts';

const [people = '1000', sessions = '200'] = process.argv.slice(2);
const server = await new Server(['--no-live']).start();
const administrator = await server.administrator();
await administrator.expect(200, 'PATCH', 'site', {mode: 'clinical', legal_basis: 'Consent for care', k: 10, leads_may_see_scores: true});
await server.account(administrator, 'clinician', 'clara');
await server.stop();
const filled = spawnSync(process.env.FILL ?? '', [join(server.folder, 'data'), 'clara', people, sessions, '30', '20'], {stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8'});
if (filled.status !== 0) throw new Error(`FILL does not name fill_site, or it failed: ${filled.stderr}`);
await server.start();
const clara = await server.api().login('clara', 'a long enough sentence 42');
const [someone] = (await clara.get('people?limit=1')).rows;
const [session] = (await clara.get(`sessions?person=${someone.id}&limit=1`)).rows;

const browser = await Chromium.launch();
const window = await browser.window(server, {viewport: {width: 1280, height: 800}});
const {page} = window;
await page.addInitScript(() => {
  const slow: {name: string; ms: number}[] = [];
  Object.assign(globalThis, {slow});
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as PerformanceEventTiming[]) if (entry.interactionId) slow.push({name: entry.name, ms: entry.duration});
  }).observe({type: 'event', durationThreshold: 16, buffered: true} as PerformanceObserverInit);
});
await window.signIn('clara');

const whole = () => page.waitForFunction(() => document.querySelector('h1') && !document.querySelector('.mantine-Skeleton-root, .mantine-Loader-root'), undefined, {timeout: 120_000});
const rows: Record<string, unknown>[] = [];
async function measure(name: string, path: string, deeds: (page: Page) => Promise<void>) {
  const began = performance.now();
  await window.open(path);
  await whole();
  const shown = performance.now() - began;
  await deeds(page);
  await page.waitForTimeout(300);
  const events = await page.evaluate(() => (globalThis as unknown as {slow: {name: string; ms: number}[]}).slow);
  const worst = events.reduce((most, event) => (event.ms > most.ms ? event : most), {name: 'all under 16 ms', ms: 0});
  rows.push({page: name, 'whole after ms': Math.round(shown), 'slowest press ms': worst.ms, of: worst.name});
}
const type = async (words: string) => {
  for (const letter of words) await page.keyboard.press(letter, {delay: 30});
};

await measure('home', '/', async () => { await page.keyboard.press('Tab'); await page.keyboard.press('Tab'); });
await measure('people: search', '/people', async () => {
  await page.getByRole('searchbox').click();
  await type('person 512');
  for (let i = 0; i < 10; ++i) await page.keyboard.press('Backspace');
});
await measure('people: by another column', '/people', async () => { for (const button of (await page.getByRole('columnheader').getByRole('button').all()).slice(0, 4)) await button.click(); });
await measure('record: tabs', `/people/${someone.id}`, async () => { for (const tab of await page.getByRole('tab').all()) { await tab.click(); await whole(); } });
await measure('sessions of one', `/people/${someone.id}?tab=sessions`, async () => { await page.mouse.wheel(0, 2000); await page.keyboard.press('Tab'); await page.keyboard.press('Enter'); });
await measure('review', `/sessions/${session.id}`, async () => { for (let i = 0; i < 6; ++i) await page.keyboard.press('Tab'); await page.keyboard.press('ArrowRight'); });
await measure('analytics', '/analytics', async () => { const choice = page.getByRole('combobox').first(); if (await choice.count()) await choice.click(); await page.keyboard.press('ArrowDown'); await page.keyboard.press('Enter'); await whole(); });
console.table(rows);
if (window.complaints.length > 0) console.log(window.complaints);
await browser.close();
await server.end();
