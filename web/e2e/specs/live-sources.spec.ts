import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createServer, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {after, before, test} from 'node:test';
import {camera} from '../camera.ts';
import {Chromium, clean, phone, Server, until, type ApiClient, type Window} from '../harness.ts';
import {begin, choosePerson, rows} from '../live.ts';

/** A network camera that shows the clip, as JPEGs one after the other in one endless answer. */
class NetworkCamera {
  private readonly pictures: Buffer[] = [];
  private readonly watching = new Set<ServerResponse>();
  private readonly timer: NodeJS.Timeout;
  private shown = 0;
  /** Away: who asks is turned away, and who watched is let go. */
  away = false;
  private readonly server = createServer((_, answer) => {
    if (this.away) return void answer.destroy();
    answer.writeHead(200, {'Content-Type': 'multipart/x-mixed-replace; boundary=next'});
    this.watching.add(answer);
    answer.on('close', () => this.watching.delete(answer));
  });

  constructor() {
    const clip = readFileSync(camera());
    for (let from = 0; from < clip.length;) {
      const end = clip.indexOf(Buffer.from([0xff, 0xd9, 0xff, 0xd8]), from);
      this.pictures.push(clip.subarray(from, end < 0 ? clip.length : end + 2));
      from += this.pictures.at(-1)!.length;
    }
    this.timer = setInterval(() => this.show(), 100);
  }
  private show() {
    const jpeg = this.pictures[(this.shown += 3) % this.pictures.length]!;
    for (const answer of this.watching) {
      if (this.away) answer.destroy();
      else answer.write(Buffer.concat([Buffer.from(`--next\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`), jpeg, Buffer.from('\r\n')]));
    }
  }
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  end() {
    clearInterval(this.timer);
    this.server.closeAllConnections();
    this.server.close();
  }
}

const door = new NetworkCamera();
let server: Server, browser: Chromium, administrator: ApiClient, doctor: ApiClient;
before(async () => {
  const address = await door.start();
  server = await new Server(['--allow-camera', address]).start();
  browser = await Chromium.launch();
  administrator = await server.administrator();
  await administrator.expect(200, 'PATCH', 'site', {mode: 'clinical', legal_basis: 'Treatment, by consent'});
  await administrator.post('cameras', {name: 'Room 4', url: `${address}/video`});
  doctor = await server.account(administrator, 'clinician', 'doctor');
});
after(async () => {
  door.end();
  await browser?.close();
  await server?.end();
});

async function patient(pseudonym: string, name: string): Promise<string> {
  const {id} = await doctor.post('people', {pseudonym, name});
  await doctor.post(`people/${id}/consents`, {scopes: ['live_analysis', 'store_observations'], purpose: 'care', text_version: 'form 1'});
  return id;
}
async function opened(...options: Parameters<Chromium['window']>): Promise<Window> {
  const window = await browser.window(...options);
  window.context.setDefaultTimeout(60_000);
  await window.signIn('doctor');
  return window;
}
async function end({page}: Window) {
  await page.getByRole('button', {name: 'End', exact: true}).click();
  await page.getByRole('button', {name: 'End it'}).click();
  await page.getByRole('heading', {name: 'The session has ended'}).waitFor();
}

test('a camera of the server: chosen, followed while it goes away and comes back, ended', async () => {
  await patient('P-1', 'Ada Example');
  const window = await opened(server);
  const {page} = window;
  await choosePerson(window, 'Ada');
  await page.getByText('Camera of the server').click();
  await page.getByRole('combobox', {name: 'Camera', exact: true}).click();
  await page.getByRole('option', {name: 'Room 4'}).click();
  await page.getByLabel('I have shown this to the person').check();
  await window.shot('live-source-server', true);
  await clean(window);
  const session = await begin(window);
  await page.getByText('One person in the picture').waitFor();
  await page.getByRole('img', {name: /Index \d+ of 100/}).waitFor();
  await until('figures are kept', () => rows(doctor, session, ['frame', 'valid']), (all) => all.filter(([, valid]) => valid).length > 20);
  for (const name of ['Pause', 'Capture', 'Record video']) assert.equal(await page.getByRole('button', {name, exact: true}).count(), 0, `${name} is the sender's`);
  await window.shot('live-server-camera', true);
  await clean(window);

  door.away = true;
  await page.getByText('The camera gives no picture').waitFor();
  await window.shot('live-server-camera-lost');
  await clean(window);
  const {length} = await rows(doctor, session, ['frame']);
  door.away = false;
  await page.getByText('The camera gives no picture').waitFor({state: 'detached'});
  const all = await until('figures after it came back', () => rows(doctor, session, ['frame']), (now) => now.length > length + 20);
  assert.equal(new Set(all.map(([frame]) => frame)).size, all.length);

  await end(window);
  const ended = await doctor.get(`sessions/${session}`);
  assert.equal(ended.state, 'ended');
  assert.ok(ended.summary.people[0].valid_frames > 20, JSON.stringify(ended.summary));
  await window.context.close();
});

test('an edge device: begun in the page, fed by the device, followed on a phone, ended', async () => {
  const ben = await patient('P-2', 'Ben Example');
  const window = await opened(server, {...phone, colorScheme: 'dark'});
  const {page} = window;
  await choosePerson(window, 'Ben');
  await page.getByText('Edge device').click();
  await window.shot('live-source-device', true);
  await clean(window);
  const session = await begin(window);
  const told = page.getByRole('alert').filter({hasText: 'Fed by an edge device'});
  await told.getByText(session).waitFor();
  await page.getByText('Pictures stay where they are taken').waitFor();

  const box = await server.device(administrator, 'box', ben);
  const begun = Date.now();
  const row = (frame: number) => {
    const sad = 0.3 + 0.2 * Math.sin(frame / 20);
    return {
      frame, time_s: frame / 10, utc: new Date(begun + frame * 100).toISOString(), face_id: 0, valid: true, p: [0, 0, 0, 0.1, sad, 0, 0.9 - sad],
      eye_openness: 0.85, mouth_openness: 0.1, perclos: 0.07, yaw_deg: 3, pitch_deg: -2, roll_deg: 1,
    };
  };
  for (let at = 0; at < 300; at += 100) await box.post(`sessions/${session}/observations`, {observations: Array.from({length: 100}, (_, n) => row(at + n))}, 200);
  const shown = async (panel: string) => (await page.getByRole('region', {name: panel, exact: true}).innerText()).split(/\n+/).join(' ');
  const percent = (share: number) => `${Math.round(100 * share)}%`;
  const {p} = row(299);
  await until('the last figures that the device sent', () => shown('Expressions now'), (text) => text.includes(`Sad ${percent(p[4]!)}`) && text.includes(`Neutral ${percent(p[6]!)}`));
  await until('signs of tiredness', () => shown('Signs of tiredness'), (text) => text.includes('Eye openness 85%') && text.includes('7.0%'));
  await until('an index', () => shown('Index'), (text) => /^Index \d+ of 100/.test(text));
  await page.getByText('One person in the picture').waitFor();
  await window.shot('live-device-phone-dark', true);
  await clean(window);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'not wider than the phone');

  // More comes while somebody looks.
  await box.post(`sessions/${session}/observations`, {observations: [{...row(300), p: [0, 0, 0, 1, 0, 0, 0]}]}, 200);
  await until('what came meanwhile', () => shown('Expressions now'), (text) => text.includes('Happy 100%'));
  await end(window);
  assert.equal((await doctor.get(`sessions/${session}`)).summary.people[0].valid_frames, 301);
  await window.context.close();
});
