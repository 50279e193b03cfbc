// A real server and a real Chromium for the tests of the pages.   PYROMETER (the program), PYROMETER_PAGES (a pack to serve instead of the one within),
// PYROMETER_SHARED (clips for the camera), SHOTS (where screenshots go).
import assert from 'node:assert/strict';
import {spawn, type ChildProcess} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {request as httpsRequest} from 'node:https';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page} from 'playwright-core';
import {camera} from './camera.ts';

export const PASSWORD = 'a long enough sentence 42';
const program = process.env.PYROMETER ?? '';
if (!existsSync(program)) throw new Error('PYROMETER does not name the program');
const shots = process.env.SHOTS ?? join(import.meta.dirname, '../shots');
const axeSource = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export interface Reply<T = any> { // whatever the test expects
  status: number;
  json: T;
}

/** The API as a test uses it to prepare and to look after. */
export class ApiClient {
  cookie = '';
  csrf = '';
  readonly port: number;
  private readonly token: string | null;
  constructor(port: number, token: string | null = null) {
    this.port = port;
    this.token = token;
  }

  ask<T = any>(method: string, path: string, body?: unknown, raw?: {type: string; bytes: Buffer}): Promise<Reply<T>> {
    const bytes = raw?.bytes ?? (body === undefined ? undefined : Buffer.from(JSON.stringify(body)));
    return new Promise((resolve, reject) => {
      const asked = httpsRequest({
        host: '127.0.0.1', port: this.port, method, path: path.startsWith('/') ? path : `/api/v1/${path}`, rejectUnauthorized: false,
        headers: {
          ...(bytes ? {'Content-Type': raw?.type ?? 'application/json', 'Content-Length': bytes.length} : {}),
          ...(this.token ? {Authorization: `Bearer ${this.token}`} : {}), ...(this.cookie ? {Cookie: this.cookie} : {}), ...(this.csrf ? {'X-CSRF-Token': this.csrf} : {}),
        },
      }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          const cookie = answer.headers['set-cookie']?.[0];
          if (cookie) this.cookie = cookie.split(';')[0]!;
          const text = Buffer.concat(parts).toString();
          resolve({status: answer.statusCode ?? 0, json: text && answer.headers['content-type']?.includes('json') ? JSON.parse(text) : text});
        });
      });
      asked.on('error', reject);
      asked.end(bytes);
    });
  }

  async expect<T = any>(status: number, method: string, path: string, body?: unknown): Promise<T> {
    const reply = await this.ask<T>(method, path, body);
    if (reply.status !== status) throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.json)}`);
    return reply.json;
  }

  get = <T = any>(path: string) => this.expect<T>(200, 'GET', path);
  post = <T = any>(path: string, body?: unknown, status = 201) => this.expect<T>(status, 'POST', path, body);

  async login(name: string, password: string): Promise<this> {
    this.cookie = this.csrf = '';
    this.csrf = (await this.expect(200, 'POST', 'login', {name, password})).csrf_token;
    return this;
  }
  /** From a one-time password to the tests' own. */
  async settle(name: string, oneTime: string): Promise<this> {
    await this.login(name, oneTime);
    await this.expect(204, 'POST', 'me/password', {old: oneTime, new: PASSWORD});
    return this.login(name, PASSWORD);
  }
}

export class Server {
  readonly folder = mkdtempSync(join(tmpdir(), 'pyrometer-e2e-'));
  process!: ChildProcess;
  port = 0;
  first: {name: string; password: string} | null = null;
  private readonly flags: string[];
  private said = '';

  constructor(flags: string[] = []) {
    this.flags = flags;
  }
  /** Again on the same port, if it ran before. */
  async start(): Promise<this> {
    this.said = '';
    const pages = process.env.PYROMETER_PAGES ? ['--pages', process.env.PYROMETER_PAGES] : [];
    this.process = spawn(program, ['serve', '--data', join(this.folder, 'data'), '--port', String(this.port), '--requests-per-s', '100000',
      '--job-priority', 'normal', // other tests leave nothing over for what only takes that
      ...pages, ...this.flags], {stdio: ['ignore', 'pipe', 'pipe']});
    this.process.stdout!.on('data', (text) => { this.said += text; });
    let errors = '';
    this.process.stderr!.on('data', (text) => { errors = (errors + text).slice(-20_000); });
    const until = Date.now() + 60_000;
    while (!this.said.includes('Stop with')) {
      if (this.process.exitCode !== null || Date.now() > until) throw new Error(`the server did not start: ${errors}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.port = Number(/https:\/\/[^:]+:(\d+)/.exec(this.said)![1]);
    const told = /name +(\S+)\n +password +(\S+)/.exec(this.said);
    if (told) this.first = {name: told[1]!, password: told[2]!};
    return this;
  }
  async stop(signal: NodeJS.Signals = 'SIGTERM') {
    if (this.process.exitCode !== null) return;
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill(signal);
    await gone;
  }
  async end() {
    await this.stop();
    rmSync(this.folder, {recursive: true, force: true});
  }
  api = (token: string | null = null) => new ApiClient(this.port, token);
  administrator = () => this.api().settle(this.first!.name, this.first!.password);

  /** An account with the tests' password; a participant's comes with a record. */
  async account(administrator: ApiClient, role: string, name: string, more: Record<string, unknown> = {}): Promise<ApiClient> {
    const made = await administrator.post('users', {name, role, ...more});
    return this.api().settle(name, made.one_time_password);
  }
  /** It has no password, only the token that it is given. */
  async device(administrator: ApiClient, name: string, person: string): Promise<ApiClient> {
    const {id} = await administrator.post('users', {name, role: 'device', person});
    return this.api((await administrator.post(`users/${id}/tokens`, {name})).secret);
  }
}

export class Window {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly server: Server;
  /** What the page did that it should not: script errors, refused content, requests to elsewhere. */
  readonly complaints: string[] = [];

  constructor(server: Server, context: BrowserContext, page: Page) {
    this.server = server;
    this.context = context;
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(`error: ${error.message}`));
    page.on('console', (message) => {
      // The browser writes every 4xx to the console; those are the tests' business.
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) this.complaints.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (!['blob:', 'data:'].includes(url.protocol) && url.host !== `localhost:${server.port}`) this.complaints.push(`request to ${url.host}`);
    });
  }
  open = (path: string) => this.page.goto(`https://localhost:${this.server.port}${path}`);

  async signIn(name: string, password = PASSWORD) {
    await this.open('/sign-in');
    await this.page.getByLabel(/^(Name|Nombre)$/).fill(name);
    await this.page.getByLabel(/^(Password|Contraseña)$/).fill(password);
    await this.page.getByRole('button', {name: /^(Sign in|Iniciar sesión)$/}).click();
    await this.page.waitForURL((url) => url.pathname !== '/sign-in');
  }
  /** A picture of the page, to be looked at. */
  async shot(name: string, fullPage = false) {
    mkdirSync(shots, {recursive: true});
    await this.page.screenshot({path: join(shots, `${name}.png`), fullPage});
  }
  /** Serious findings of axe on what is shown now. */
  async axe(): Promise<string[]> {
    // By the debugger's protocol, which the policy of content does not bind.
    const {readFileSync} = await import('node:fs');
    await this.page.evaluate(readFileSync(axeSource, 'utf8') + ';0');
    const found = await this.page.evaluate(async () => {
      const results = await (window as any).axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']});
      return results.violations.filter((v: any) => ['serious', 'critical'].includes(v.impact))
        .map((v: any) => `${v.id}: ${v.help} (${v.nodes.length}) ${v.nodes.slice(0, 3).map((n: any) => n.html).join(' ')}`);
    });
    return found;
  }
}

/** Nothing that axe calls serious is shown now, and the page did nothing so far that it should not. */
export async function clean(window: Window) {
  assert.deepEqual(await window.axe(), []);
  assert.deepEqual(window.complaints, []);
}

/** What is asked for again and again, once it holds; the page under test goes on meanwhile. Not in time: an error with what was last seen. */
export async function until<T>(what: string, ask: () => Promise<T>, holds: (seen: T) => boolean, seconds = 40): Promise<T> {
  for (const end = Date.now() + seconds * 1000; ;) {
    const seen = await ask();
    if (holds(seen)) return seen;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s; last seen: ${JSON.stringify(seen)?.slice(-2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

export class Chromium {
  private readonly browser: Browser;
  private constructor(browser: Browser) {
    this.browser = browser;
  }
  static async launch(clip = camera()): Promise<Chromium> {
    return new Chromium(await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${clip}`, '--ignore-certificate-errors'],
    }));
  }
  async window(server: Server, options: BrowserContextOptions = {}): Promise<Window> {
    const context = await this.browser.newContext({ignoreHTTPSErrors: true, viewport: {width: 1360, height: 860}, locale: 'en-GB', permissions: ['camera'], ...options});
    context.setDefaultTimeout(45_000); // a machine may be busy with other tests
    return new Window(server, context, await context.newPage());
  }
  close = () => this.browser.close();
}

export const phone: BrowserContextOptions = {viewport: {width: 390, height: 844}, hasTouch: true, isMobile: true, deviceScaleFactor: 2};
