import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Chromium, clean, phone, Server, until, type ApiClient} from '../harness.ts';
import {begin, choosePerson, rows} from '../live.ts';

let server: Server, browser: Chromium, administrator: ApiClient, anna: ApiClient, clara: ApiClient, person: string, short: string;
const kBegin = Date.parse('2026-08-03T10:00:00Z');
const moment = (seconds: number) => new Date(kBegin + seconds * 1000).toISOString();

/** A face that grows sadder from the third minute to the fourth, and blinks. */
function made(first: number, count: number, fps: number) {
  return Array.from({length: count}, (_, at) => {
    const frame = first + at, time = frame / fps;
    const sad = time > 120 && time < 180 ? 0.6 : 0.1 + 0.05 * Math.sin(time / 7), happy = 0.2 + 0.1 * Math.sin(time / 11), neutral = 1 - sad - happy;
    return {
      frame, time_s: time, utc: moment(time), face_id: 0, valid: true, p: [0, 0, 0, happy, sad, 0, neutral], eye_openness: frame % 90 < 3 ? 0.1 : 0.9, mouth_openness: 0.1,
      perclos: 0.05 + 0.03 * Math.sin(time / 60), yaw_deg: 12 * Math.sin(time / 5), pitch_deg: 4 * Math.sin(time / 3), roll_deg: 2 * Math.cos(time / 4),
    };
  });
}

async function seeded(frames: number, fps: number, title: string): Promise<string> {
  const {id} = await anna.post('sessions', {person, title});
  for (let at = 0; at < frames; at += 2000) await anna.post(`sessions/${id}/observations`, {observations: made(at, Math.min(2000, frames - at), fps)}, 200);
  await anna.post(`sessions/${id}/end`, undefined, 200);
  return id;
}

before(async () => {
  server = await new Server().start();
  administrator = await server.administrator();
  await administrator.expect(200, 'PATCH', 'site', {mode: 'clinical', legal_basis: 'Consent for care (test)'});
  clara = await server.account(administrator, 'clinician', 'clara');
  anna = await server.account(administrator, 'participant', 'anna');
  person = (await anna.get('me')).account.person;
  await anna.post(`people/${person}/consents`, {scopes: ['live_analysis', 'store_observations'], purpose: 'test', text_version: '1'});
  await anna.post(`people/${person}/care`, {account: 'clara'});
  short = await seeded(3000, 10, 'First talk');
  browser = await Chromium.launch();
});
after(async () => {
  await browser?.close();
  await server?.end();
});

async function keywords(): Promise<any[]> {
  return (await anna.get(`keywords?session=${short}`)).rows;
}

test('a clinician reviews a session: keywords drawn, moved, taken back; a note; topics; the score explained', async () => {
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn('clara');
  await window.open(`/sessions/${short}`);
  await page.getByRole('heading', {level: 1, name: 'First talk'}).waitFor();
  await page.getByRole('heading', {name: 'In short'}).waitFor();
  await page.getByText('Loading the session').waitFor({state: 'detached'});
  await page.getByRole('progressbar').waitFor({state: 'detached'});
  await page.getByRole('img', {name: /^Pose of the head/}).waitFor();

  const lane = page.getByRole('group', {name: 'Keywords and notes'});
  await lane.scrollIntoViewIfNeeded();
  let box = (await lane.boundingBox())!;
  const x = (seconds: number) => box.x + (seconds / 299.9) * box.width;
  await page.mouse.move(x(125), box.y + 14);
  await page.mouse.down();
  await page.mouse.move(x(150), box.y + 14, {steps: 4});
  await page.mouse.move(x(175), box.y + 14, {steps: 4});
  await page.mouse.up();
  await page.getByLabel('New keyword').fill('nights');
  await page.getByRole('button', {name: 'Add', exact: true}).click();
  await lane.getByRole('button', {name: /^Keyword nights/}).waitFor();
  let [keyword] = await keywords();
  assert.equal(keyword.word, 'nights');
  assert.ok(Math.abs(Date.parse(keyword.from) - Date.parse(moment(125))) < 1500 && Math.abs(Date.parse(keyword.until) - Date.parse(moment(175))) < 1500, JSON.stringify(keyword));

  // Its end is dragged, and taken back.
  await lane.getByRole('button', {name: /^Keyword nights/}).click();
  box = (await lane.boundingBox())!;
  const item = (await lane.getByRole('button', {name: /^Keyword nights/}).boundingBox())!;
  await page.mouse.move(item.x + item.width - 3, item.y + item.height / 2);
  await page.mouse.down();
  await page.mouse.move(x(240), item.y + item.height / 2, {steps: 5});
  await page.mouse.up();
  await page.getByText('Keyword changed.').waitFor();
  [keyword] = await keywords();
  assert.ok(Math.abs(Date.parse(keyword.until) - Date.parse(moment(240))) < 3000, keyword.until);
  await page.getByRole('button', {name: 'Undo'}).click();
  await page.waitForFunction(() => document.querySelector('[aria-label^="Keyword nights"]')?.getAttribute('aria-label')?.includes('2:5'));
  [keyword] = await keywords();
  assert.ok(Math.abs(Date.parse(keyword.until) - Date.parse(moment(175))) < 1500, keyword.until);

  // By keyboard: the word and the ends as text.
  await lane.getByRole('button', {name: /^Keyword nights/}).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', {name: 'Until'}).fill('2:50');
  await page.keyboard.press('Enter');
  await lane.getByRole('button', {name: 'Keyword nights, 2:05 to 2:50'}).or(lane.getByRole('button', {name: /to 2:50$/})).waitFor();

  // A note where the cursor stands; kept over a reload while it is written.
  await page.keyboard.press('Escape');
  const index = page.getByRole('img', {name: 'Index over the session'});
  const at = (await index.boundingBox())!;
  await page.mouse.click(at.x + 44 + (at.width - 56) / 2, at.y + 40);
  await lane.click({position: {x: 5, y: 20}});
  await page.getByRole('button', {name: 'Note here'}).click();
  await page.getByLabel('New note').fill('Spoke about the ward.');
  await page.getByRole('button', {name: 'Add', exact: true}).click();
  await lane.getByRole('button', {name: /^Note at 2:3/}).waitFor();
  const [note] = (await anna.get(`notes?session=${short}`)).rows;
  assert.equal(note.text, 'Spoke about the ward.');
  assert.ok(Math.abs(Date.parse(note.at) - Date.parse(moment(150))) < 2000, note.at);
  await lane.getByRole('button', {name: /^Note at 2:3/}).click();
  await page.getByRole('button', {name: 'Remove'}).click();
  await page.getByText('Note removed.').waitFor();
  assert.equal((await anna.get(`notes?session=${short}`)).rows.length, 0);
  await page.getByRole('button', {name: 'Undo'}).last().click();
  await lane.getByRole('button', {name: /^Note at 2:3/}).waitFor();

  await page.getByRole('button', {name: /^nights .*once/}).click();
  await window.shot('session', true);
  await clean(window);

  const topics = await anna.get(`people/${person}/topics`);
  const shown = /\d\.\d{3}/.exec(await page.getByRole('button', {name: /^nights .*once/}).innerText())![0];
  assert.ok(Math.abs(Number(shown) - topics.rows[0].impact) < 0.002, `${shown} ${topics.rows[0].impact}`);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', {name: 'Export'}).click().then(() => page.getByRole('menuitem', {name: 'All frames (CSV)'}).click()),
  ]);
  const {readFileSync} = await import('node:fs');
  const lines = readFileSync((await download.path())!, 'utf8').trimEnd().split('\n');
  assert.equal(lines.length, 3001);
  assert.match(lines[0]!, /^frame,time_s,utc/);

  const [report] = await Promise.all([page.waitForEvent('download', {timeout: 180_000}), page.getByRole('button', {name: 'Report (PDF)'}).click()]);
  assert.equal(readFileSync((await report.path())!).subarray(0, 5).toString(), '%PDF-');

  await page.getByRole('button', {name: 'Explain the score'}).click();
  await page.getByRole('table', {name: 'Minute by minute'}).waitFor({timeout: 120_000});
  assert.equal(await page.getByRole('table', {name: 'Minute by minute'}).getByRole('row').count(), 6);
  await window.shot('session-explained', true);
  await clean(window);
  await window.context.close();
});

test('what the camera saw: the video goes with the lines and they with it; why its pictures are read as they are', async () => {
  const window = await browser.window(server);
  window.context.setDefaultTimeout(60_000);
  const {page} = window;
  const ada = await server.account(administrator, 'participant', 'ada');
  const filmed = (await ada.get('me')).account.person;
  await ada.post(`people/${filmed}/consents`, {scopes: ['live_analysis', 'store_observations', 'store_images'], purpose: 'care', text_version: '1'});
  await ada.post(`people/${filmed}/care`, {account: 'clara'});
  const {pseudonym} = await ada.get(`people/${filmed}`);
  await window.signIn('clara');
  await choosePerson(window, pseudonym);
  const session = await begin(window);
  await page.getByRole('img', {name: /Index \d+ of 100/}).waitFor();
  await page.getByRole('button', {name: 'Record video'}).click();
  await page.getByText('Recording figures and video').waitFor();
  await page.getByRole('button', {name: 'Capture', exact: true}).click();
  const dialog = page.getByRole('dialog', {name: 'Captured picture'});
  await dialog.getByText('The model says').waitFor();
  await dialog.getByRole('button', {name: 'Save'}).click();
  await dialog.waitFor({state: 'hidden'});
  await until('some seconds of video', async () => (await ada.get(`sessions/${session}/videos`)).rows, (rows) => rows[0]?.pieces >= 4);
  await page.getByRole('button', {name: 'End', exact: true}).click();
  await page.getByRole('button', {name: 'End it'}).click();
  await page.getByRole('heading', {name: 'The session has ended'}).waitFor();

  await window.open(`/sessions/${session}`);
  const video = page.getByLabel('Video of the session');
  await page.getByRole('progressbar').waitFor({state: 'detached'});
  const [{at_s: offset}] = (await ada.get(`sessions/${session}/videos`)).rows;
  const state = () => video.evaluate(({duration, currentTime, seeking}: HTMLVideoElement) => ({duration: String(duration), time: currentTime, seeking}));
  await until('its length', state, ({duration, time}) => Number(duration) > 6 && Number(duration) < 60 && time === 0);

  // A click into a lane shows that moment.
  const lane = page.getByRole('img', {name: 'Index over the session'});
  const box = (await lane.boundingBox())!;
  const kLeft = 44, kRight = 12;
  const whole = Number(await page.getByRole('slider').getAttribute('aria-valuemax'));
  const wanted = offset + 3;
  await page.mouse.click(box.x + kLeft + (wanted / whole) * (box.width - kLeft - kRight), box.y + 40);
  await until('the video at the click', state, ({time, seeking}) => !seeking && Math.abs(time + offset - wanted) < 0.5);

  // Played, and sought in the video, it moves through the lanes: what is asked for next is asked of that moment.
  await video.evaluate((element: HTMLVideoElement) => element.play());
  await until('it plays', state, ({time}) => time + offset > wanted + 1);
  await video.evaluate((element: HTMLVideoElement) => element.pause());
  const paused = (await state()).time;
  await page.getByRole('button', {name: 'Note here'}).click();
  await page.getByLabel('New note').fill('Laughs.');
  await page.getByRole('button', {name: 'Add', exact: true}).click();
  const [[first, firstS]] = (await rows(clara, session, ['utc', 'time_s'])) as [[string, number]];
  const [note] = await until('the note', async () => (await ada.get(`notes?session=${session}`)).rows, (rows) => rows.length === 1);
  assert.ok(Math.abs((Date.parse(note.at) - Date.parse(first)) / 1000 + firstS - offset - paused) < 0.3, JSON.stringify({note: note.at, first, firstS, offset, paused}));
  await video.evaluate((element: HTMLVideoElement) => { element.currentTime = 1.5; });
  await until('the video where it was sought', state, ({time, seeking}) => !seeking && Math.abs(time - 1.5) < 0.1);
  const before = (await clara.get(`jobs?person=${filmed}`)).rows.length;

  // Why its picture is read as it is, at that moment and of the picture that was kept.
  await page.getByRole('button', {name: 'Why this reading here?'}).click();
  const here = page.getByRole('region', {name: 'Video'});
  await here.getByRole('img', {name: 'What the model looked at'}).first().waitFor({timeout: 120_000});
  const jobs = (await clara.get(`jobs?person=${filmed}`)).rows;
  assert.equal(jobs.length, before + 1);
  const asked = jobs.find((job: {request: {at_s?: number}}) => job.request.at_s !== undefined);
  assert.ok(Math.abs(asked.request.at_s - offset - 1.5) < 0.1, JSON.stringify(asked.request));
  const pictures = page.getByRole('region', {name: 'Pictures'});
  await pictures.getByRole('button', {name: 'Why this?'}).click();
  await pictures.getByRole('img', {name: 'What the model looked at'}).first().waitFor({timeout: 120_000});
  for (const image of await page.getByRole('img', {name: 'What the model looked at'}).all()) {
    await until('it is shown', () => image.evaluate(({naturalWidth}: HTMLImageElement) => naturalWidth), (width) => width > 100);
  }
  // Of the score as a whole nobody has asked yet.
  await page.getByRole('region', {name: 'What made the score'}).getByRole('button', {name: 'Explain the score'}).waitFor();
  await window.shot('session-video', true);
  await clean(window);
  await page.setViewportSize(phone.viewport!);
  await window.shot('session-video-phone', true);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'made narrow, the page is not wider than what shows it');
  await window.context.close();
});

test('their own session on a phone in the dark; nobody else\'s', async () => {
  const window = await browser.window(server, {...phone, colorScheme: 'dark'});
  await window.signIn('anna');
  await window.open(`/sessions/${short}?at=${encodeURIComponent(moment(130))}`);
  await window.page.getByRole('heading', {name: 'Topics by impact'}).waitFor();
  await window.page.getByRole('progressbar').waitFor({state: 'detached'});
  await window.shot('session-dark-phone', true);
  await clean(window);
  await window.context.close();
  await server.account(administrator, 'clinician', 'other');
  const strange = await browser.window(server);
  await strange.signIn('other');
  await strange.open(`/sessions/${short}`);
  await strange.page.getByRole('alert').waitFor();
  await clean(strange);
  await strange.context.close();
});

test('an hour at 30 frames a second pans without waiting', async (t) => {
  const long = await seeded(108_000, 30, 'An hour');
  const window = await browser.window(server);
  const {page} = window;
  await window.signIn('clara');
  const begun = Date.now();
  await window.open(`/sessions/${long}`);
  await page.getByRole('slider').waitFor();
  const first = Date.now() - begun;
  await page.waitForFunction(() => document.querySelector('[role=slider]')?.getAttribute('aria-valuemax') === '3600', undefined, {timeout: 180_000});
  t.diagnostic(`first lines after ${first} ms, all 108,000 frames after ${Date.now() - begun} ms`);
  await page.getByRole('progressbar').waitFor({state: 'detached'});
  const devtools = await window.context.newCDPSession(page);
  await devtools.send('Performance.enable', {timeDomain: 'threadTicks'});
  const busy = async () => (await devtools.send('Performance.getMetrics')).metrics.find(({name}) => name === 'TaskDuration')!.value;
  for (const span of [3600 / 2, 120]) {
    await page.getByRole('slider').focus();
    await page.keyboard.press('0');
    const before = await busy();
    const told = await page.evaluate(async (wanted) => {
      const overlay = document.querySelector('.u-over')!, slider = document.querySelector('[role=slider]')!;
      const key = (name: string) => slider.dispatchEvent(new KeyboardEvent('keydown', {key: name, bubbles: true}));
      const shown = () => { const [from, until] = slider.getAttribute('aria-valuetext')!.split(' – ').map((text) => text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)); return until! - from!; };
      for (let at = 0; at < 40 && shown() > wanted; ++at) {
        key('+');
        await new Promise(requestAnimationFrame);
      }
      const intervals: number[] = [];
      let last = performance.now();
      for (let at = 0; at < 180; ++at) {
        overlay.dispatchEvent(new WheelEvent('wheel', {deltaX: at % 90 < 45 ? 12 : -12, bubbles: true, cancelable: true}));
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        intervals.push(now - last);
        last = now;
      }
      intervals.sort((a, b) => a - b);
      return {span: shown(), median: intervals[90]!, p95: intervals[171]!};
    }, span);
    const each = ((await busy()) - before) / 220 * 1000;
    t.diagnostic(`panning over ${told.span} s: median ${told.median.toFixed(1)} ms a picture, p95 ${told.p95.toFixed(1)} ms, at most ${each.toFixed(1)} ms of work each`);
    assert.ok(each < 16, `${each} ms of work a picture`);
  }
  await window.shot('session-hour');
  await clean(window);
  await window.context.close();
});
