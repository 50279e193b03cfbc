// Every page of every role, on a desk in the light and on a phone in the dark, with the demo's people in it: nothing that axe calls serious, no script
// error, nothing refused, no request to elsewhere. And from right to left on both: everything stands where a mirror would show it, nothing sticks out.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Chromium, PASSWORD, Server, Window, phone, type ApiClient} from '../harness.ts';
import {fromRightToLeft, notMirrored} from '../mirror.ts';

let server: Server, browser: Chromium, administrator: ApiClient;
const accounts = new Map<string, {name: string; api: ApiClient}>();
before(async () => {
  server = await new Server().start();
  administrator = await server.administrator();
  await administrator.expect(200, 'PATCH', 'site', {mode: 'clinical', legal_basis: 'Consent for care (test)'});
  const made = await administrator.post('demo', {seed: 7}, 202);
  for (const {name, role, one_time_password} of made.accounts) accounts.set(role, {name, api: await server.api().settle(name, one_time_password)});
  accounts.set('administrator', {name: server.first!.name, api: administrator});
  while ((await administrator.get('demo')).state === 'adding') await new Promise((resolve) => setTimeout(resolve, 250));
  assert.equal((await administrator.get('demo')).state, 'ready');
  browser = await Chromium.launch();
});
after(async () => {
  await browser?.close();
  await server?.end();
});

async function pagesOf(role: string): Promise<string[]> {
  const {api} = accounts.get(role)!;
  if (role === 'administrator') {
    const draft = (await api.get('survey-definitions')).rows[0] ?? await api.post('survey-definitions', {survey: 'own-check-in', from: 'checkin'});
    return ['/', '/account', '/admin', '/admin/users', '/admin/audit', '/groups', '/models', '/setup', '/surveys', '/surveys/own', `/surveys/own/${draft.id}`];
  }
  if (role === 'participant') return ['/', '/me', '/check-in', '/surveys', '/surveys/checkin/take', '/account'];
  if (role === 'organisation_lead') return ['/', '/groups'];
  if (role === 'researcher') return ['/', '/studies', '/data', '/training', '/batch', '/models', '/people'];
  const person = (await api.get('people?limit=5')).rows[0].id;
  const session = (await api.get(`sessions?person=${person}&limit=1`)).rows[0].id;
  return ['/', '/people', `/people/${person}`, `/sessions/${session}`, '/analytics', '/live', '/batch', `/surveys?person=${person}`, '/surveys/pss-4'];
}

/** Shown whole: no shape of what is still on its way. */
async function show(window: Window, path: string) {
  await window.open(path);
  await window.page.getByRole('heading', {level: 1}).waitFor();
  await window.page.waitForFunction(() => !document.querySelector('.mantine-Skeleton-root, .mantine-Loader-root, .mantine-LoadingOverlay-root'));
}
const name = (path: string) => path.replace(/[0-9a-f-]{36}/g, 'id').replace(/\W+/g, '-') || 'home';
async function tooWide({page}: Window): Promise<string[]> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return wide > 0 ? [`${wide} px wider than the window`] : [];
}

/** What is cut off by what holds it; or, for `whole`, has to be moved into sight. What ends in an ellipsis is meant so. */
const cut = ({page}: Window, whole: boolean): Promise<string[]> => page.evaluate((also) => [...document.querySelectorAll('main *')].filter((each) => {
  const {overflowX, textOverflow} = getComputedStyle(each);
  return each.clientWidth > 1 && each.scrollWidth > each.clientWidth + 1 && (overflowX === 'hidden' || overflowX === 'clip' || (also && overflowX !== 'visible')) && textOverflow !== 'ellipsis' && each.textContent!.trim() !== '' && !each.closest('[role=tablist]');
}).map((each) => `cut: ${each.tagName} ${each.textContent!.slice(0, 60)} (${each.clientWidth} of ${each.scrollWidth})`), whole);

for (const role of ['clinician', 'participant']) {
  test(`${role}, phone, in Spanish: nothing is cut`, async () => {
    const window = await browser.window(server, {...phone, locale: 'es-ES'});
    await window.signIn(accounts.get(role)!.name, PASSWORD);
    const wrong: string[] = [];
    // A session's lines of time go on beyond their edges.
    for (const path of (await pagesOf(role)).filter((each) => !each.startsWith('/sessions/'))) {
      await show(window, path);
      await window.shot(`spanish-phone-${role}-${name(path)}`, true);
      for (const finding of await cut(window, ['/', '/people'].includes(path))) wrong.push(`${path}: ${finding}`);
    }
    assert.deepEqual(wrong, []);
    assert.deepEqual(window.complaints, []);
    await window.context.close();
  });
}

for (const [look, options] of [['desk', {}], ['phone', {...phone, colorScheme: 'dark' as const}]] as const) {
  for (const role of ['administrator', 'clinician', 'participant', 'organisation_lead', 'researcher']) {
    const walk = async (window: Window, shot: string, look: () => Promise<string[]>) => {
      await window.signIn(accounts.get(role)!.name, PASSWORD);
      const wrong: string[] = [];
      for (const path of await pagesOf(role)) {
        await show(window, path);
        await window.shot(`${shot}-${role}-${name(path)}`, true);
        for (const finding of [...await look(), ...await tooWide(window)]) wrong.push(`${path}: ${finding}`);
      }
      assert.deepEqual(wrong, []);
      assert.deepEqual(window.complaints, []);
      await window.context.close();
    };
    test(`${role}, ${look}`, async () => {
      const window = await browser.window(server, options);
      await walk(window, `everywhere-${look}`, window.axe.bind(window));
    });
    test(`${role}, ${look}, from right to left`, async () => {
      const window = await browser.window(server, options);
      await window.context.addInitScript(fromRightToLeft);
      await walk(window, `right-to-left-${look}`, () => notMirrored(window.page));
    });
  }
}
