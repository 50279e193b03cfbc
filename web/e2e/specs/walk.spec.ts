// The whole way that a new site goes, by its pages alone: the one-time password, the set-up, a person's first check-in with the camera, its
// result, whom they choose, and the clinician's review of it as a printed report.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {after, before, test} from 'node:test';
import {Chromium, clean, PASSWORD, phone, Server, type Window} from '../harness.ts';

let server: Server, browser: Chromium;
before(async () => {
  server = await new Server().start();
  browser = await Chromium.launch();
});
after(async () => {
  await browser?.close();
  await server?.end();
});

/** Signs in by what was shown once, and sets a password. */
async function first(window: Window, name: string, oneTime: string) {
  const {page} = window;
  await window.open('/');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password', {exact: true}).fill(oneTime);
  await page.getByRole('button', {name: 'Sign in'}).click();
  await page.getByRole('heading', {name: 'Set a password of your own'}).waitFor();
  await page.getByLabel('New password', {exact: true}).fill(PASSWORD);
  await page.getByLabel('New password again').fill(PASSWORD);
  await page.getByRole('button', {name: 'Set password and go on'}).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

async function account(window: Window, name: string, shown: string): Promise<string> {
  const {page} = window;
  await page.getByLabel('Name to sign in with').fill(name);
  await page.getByLabel('Name to be shown').fill(shown);
  await page.getByRole('button', {name: 'Make the account'}).click();
  await page.getByText(`${shown} can sign in now`).waitFor();
  return (await page.locator('.py-print-alone code').textContent()) ?? '';
}

test('from the printed password to the printed report', async () => {
  const desk = await browser.window(server, {acceptDownloads: true});
  const {page} = desk;
  await first(desk, server.first!.name, server.first!.password);
  await page.getByLabel('Name of this site').fill('St. Anna Clinic');
  await page.getByRole('radio', {name: /^Clinical/}).click();
  await page.getByRole('textbox', {name: 'Legal basis'}).fill('Explicit consent, for occupational medicine.');
  await page.getByRole('button', {name: 'Save and go on'}).click();
  await page.getByRole('heading', {name: 'Organisation', level: 2}).waitFor();
  await page.getByRole('button', {name: 'Skip'}).click();
  await page.getByRole('heading', {name: 'Who works here', level: 2}).waitFor();
  const ofClara = await account(desk, 'clara', 'Dr. Clara Kleist');
  await page.getByRole('button', {name: 'I have kept it'}).click();
  await page.getByRole('button', {name: 'Go on'}).click();
  await page.getByRole('heading', {name: 'Consent', level: 2}).waitFor();
  await desk.open('/setup/finish');
  await page.getByRole('button', {name: 'Finish'}).click();
  await page.getByText('What needs attention').waitFor();
  await page.getByRole('link', {name: 'Administration'}).click();
  await page.getByRole('button', {name: 'New account'}).click();
  await page.getByRole('dialog').getByRole('combobox', {name: 'Role'}).click();
  await page.getByRole('option', {name: 'Participant'}).click();
  const ofPat = await account(desk, 'pat', 'Pat Petersen');
  await desk.context.close();

  const hand = await browser.window(server, phone);
  hand.context.setDefaultTimeout(60_000);
  await first(hand, 'pat', ofPat);
  await hand.page.getByRole('main').getByRole('link', {name: /check-in/i}).first().waitFor();
  await hand.shot('walk-participant-home', true);
  await hand.page.getByRole('main').getByRole('link', {name: /check-in/i}).first().click();
  await hand.page.getByRole('checkbox', {name: /I agree/}).check();
  await hand.page.getByRole('button', {name: 'I agree: start'}).click();
  await hand.page.getByText('Question 1 of 6').waitFor({timeout: 200_000});
  for (let question = 1; question <= 6; ++question) {
    await hand.page.getByText(`Question ${question} of 6`).waitFor();
    await hand.page.getByRole('radio').nth(question % 5).click();
  }
  await hand.page.getByRole('heading', {name: 'Your result'}).waitFor();
  await hand.shot('walk-result', true);
  await hand.page.getByRole('link', {name: 'See how it goes over time'}).click();
  await hand.page.getByRole('tab', {name: 'Consents'}).click();
  await hand.page.getByLabel('Account name of a clinician or researcher').fill('clara');
  await hand.page.getByRole('button', {name: 'Choose'}).click();
  await hand.page.getByText(/^clinician, since/).waitFor();
  await hand.context.close();

  const doctor = await browser.window(server, {acceptDownloads: true});
  await first(doctor, 'clara', ofClara);
  await doctor.page.getByRole('link', {name: 'People'}).first().click();
  await doctor.shot('walk-people');
  await doctor.page.getByRole('main').getByRole('link', {name: /Pat|P-/}).first().click();
  await doctor.page.getByRole('tab', {name: 'Sessions'}).click();
  await doctor.page.getByRole('main').getByRole('table').getByRole('link').first().click();
  await doctor.page.getByRole('button', {name: 'Report (PDF)'}).waitFor();
  await doctor.shot('walk-review', true);
  await clean(doctor);
  const [report] = await Promise.all([doctor.page.waitForEvent('download', {timeout: 180_000}), doctor.page.getByRole('button', {name: 'Report (PDF)'}).click()]);
  const path = (await report.path())!;
  if (process.env.SHOTS) execFileSync('pdftoppm', ['-r', '70', '-png', path, `${process.env.SHOTS}/walk-report`]);
  const text = execFileSync('pdftotext', ['-layout', path, '-']).toString();
  assert.match(text, /[Nn]ot a diagnosis/);
  assert.match(text, /Summary of a session/);
  assert.match(text, /blinks a minute/);
  assert.deepEqual([...desk.complaints, ...hand.complaints, ...doctor.complaints], []);
  await doctor.context.close();
});
