import { ChildProcess, spawn, spawnSync } from 'child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'fs';
import { createServer, Server } from 'http';
import { AddressInfo } from 'net';
import { tmpdir } from 'os';
import { extname, join, normalize } from 'path';
import type { Readable, Writable } from 'stream';

const ROOT = join(__dirname, '..', '..');
const SITE = join(ROOT, 'docs/site/.vitepress/dist');
const TYPES: { readonly [ext: string]: string } = {
  '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml',
};

let server: Server;
let browser: ChildProcess;
let page: Page;
let address: string;
const asked: string[] = [];

/** A tab of the browser, told what to do by the DevTools protocol. */
class Page {
  public readonly problems: string[] = [];
  private id = 0;
  private readonly waiting = new Map<number, (answer: any) => void>();

  private session?: string;

  /** The browser speaks over two pipes: messages in JSON, each ended by a null byte. */
  public constructor(private readonly to: Writable, from: Readable) {
    let rest = '';
    from.on('data', (bytes: Buffer) => {
      const messages = (rest + String(bytes)).split('\0');
      rest = messages.pop()!;
      messages.forEach((message) => this.take(JSON.parse(message)));
    });
  }

  private take({ id, method, params, result }: { id?: number; method?: string; params?: any; result?: any }): void {
    if (id !== undefined) this.waiting.get(id)?.(result);
    if (method === 'Runtime.exceptionThrown') this.problems.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === 'Network.requestWillBeSent') asked.push(params.request.url);
  }

  /** Begins with the one tab that there is. */
  public async attach(): Promise<void> {
    const { targetInfos } = await this.send('Target.getTargets');
    const { targetId } = targetInfos.find(({ type }: { type: string }) => type === 'page');
    this.session = (await this.send('Target.attachToTarget', { targetId, flatten: true })).sessionId;
    for (const domain of ['Page', 'Runtime', 'Network']) await this.send(`${domain}.enable`);
  }

  public async send(method: string, params: object = {}): Promise<any> {
    const id = ++this.id;
    const answer = new Promise((resolve) => this.waiting.set(id, resolve));
    this.to.write(`${JSON.stringify({ id, method, params, sessionId: this.session })}\0`);
    return answer;
  }

  public async evaluate(expression: string): Promise<any> {
    return (await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })).result?.value;
  }

  /** Waits until an expression is true in the page. */
  public async until(expression: string, seconds = 60): Promise<void> {
    for (let tries = 0; tries < seconds * 5; tries++) {
      if (await this.evaluate(`Boolean(${expression})`)) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`after ${seconds} s it is not so that ${expression}; the page says: ${String(await this.evaluate('document.body.innerText')).slice(0, 500)}`);
  }

  public async open(path: string): Promise<void> {
    await this.send('Page.navigate', { url: `${address}${path}` });
    await this.until(`location.pathname.startsWith(${JSON.stringify(path)}) && document.readyState === 'complete'`);
    // The page is alive, and no longer only what was written into the file.
    await this.until("document.querySelector('#app')?.__vue_app__");
  }
}

beforeAll(async () => {
  if (spawnSync('chromium', ['--version']).status !== 0) throw new Error('there is no chromium, in which the site is opened: apt-get install chromium');
  if (!existsSync(join(SITE, 'README.html'))) {
    const { status, stdout, stderr } = spawnSync('npx', ['projen', 'docs'], { cwd: ROOT, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the site is not built: ${stdout}${stderr}`);
  }
  server = createServer(({ url = '/' }, response) => {
    const path = normalize(join(SITE, decodeURIComponent(new URL(url, 'http://site').pathname)));
    if (!path.startsWith(SITE) || !existsSync(path) || !statSync(path).isFile()) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(readFileSync(path));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  browser = spawn('chromium', [
    '--headless=new', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe', `--user-data-dir=${profile}`, '--window-size=1280,900', 'about:blank',
  ], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  browser.on('exit', () => rmSync(profile, { recursive: true, force: true }));
  page = new Page(browser.stdio[3] as Writable, browser.stdio[4] as Readable);
  await page.attach();
}, 600_000);

afterAll(() => {
  browser?.kill();
  server?.close();
});

test.each([
  '/README.html', '/docs/README.html', '/docs/first-tunnel.html', '/docs/gitops.html', '/docs/command.html', '/RULES.html', '/API.html',
  '/docs/api/python.html', '/docs/api/java.html', '/docs/api/go.html',
])(
  '%s loads, has a heading, and nothing in it throws', async (path) => {
    await page.open(path);
    expect(await page.evaluate("document.querySelector('h1')?.innerText.length > 3")).toBe(true);
    expect(page.problems).toEqual([]);
  }, 120_000);

test('the picture of the README is drawn, and has no mistake in it', async () => {
  await page.open('/README.html');
  // An empty drawing stands there while its text is measured.
  await page.until("document.querySelector('pre.mermaid svg')?.textContent.includes('storage.example.com')", 30);
  const text = await page.evaluate("document.querySelector('pre.mermaid').textContent");
  expect(text).toContain('storage.example.com');
  expect(text).not.toContain('Syntax error');
}, 120_000);

/** The results of a search, from its beginning. */
async function search(words: string): Promise<string[]> {
  await page.open('/docs/README.html');
  await page.evaluate("document.querySelector('.DocSearch-Button').click()");
  await page.until("document.querySelector('#localsearch-input')");
  await page.evaluate(`(() => {
    const input = document.querySelector('#localsearch-input');
    input.value = ${JSON.stringify(words)};
    input.dispatchEvent(new Event('input', { bubbles: true }));
  })()`);
  await page.until("document.querySelectorAll('#localsearch-list .result').length > 0");
  // A result is a heading; what is under it has the word.
  return page.evaluate("[...document.querySelectorAll('#localsearch-list .result')].map(({ href }) => href)");
}

test.each(['rightid', 'ExternalIpsecEndpoint'])('the search finds %s', async (word) => {
  const found = (await search(word)).map((href) => new URL(href).pathname);
  expect(found).not.toEqual([]);
  for (const path of found) expect(readFileSync(join(SITE, path), 'utf8').toLowerCase()).toContain(word.toLowerCase());
}, 120_000);

test.each([
  ['ExternalIpsecEndpoint', '/API.html'], ['IpsecGuardProps', '/API.html'], ['ExternalIpsecEndpoint', '/docs/api/python.html'],
])('the search for %s leads into %s, to the place of the class', async (name, path) => {
  const hits = (await search(name)).filter((href) => new URL(href).pathname === path);
  expect(hits).not.toEqual([]);
  await page.open(new URL(hits[0]).pathname);
  const place = JSON.stringify(decodeURIComponent(new URL(hits[0]).hash.slice(1)));
  expect(await page.evaluate(`document.getElementById(${place})?.innerText.length > 3`)).toBe(true);
}, 120_000);

test('tabs of code switch to another language', async () => {
  await page.open('/docs/first-tunnel.html');
  const visible = "document.querySelector('.vp-code-group .blocks > .active').innerText";
  expect(await page.evaluate(visible)).toContain("from 'cdk8s-openshift-ipsec'");
  await page.evaluate("[...document.querySelectorAll('.vp-code-group .tabs label')].find(({ innerText }) => innerText === 'Python').click()");
  await page.until(`${visible}.includes('from cdk8s_openshift_ipsec import')`);
}, 120_000);

test('it has a dark mode', async () => {
  await page.open('/docs/faq.html');
  const before = await page.evaluate("document.documentElement.classList.contains('dark')");
  await page.evaluate("document.querySelector('.VPSwitchAppearance').click()");
  await page.until(`document.documentElement.classList.contains('dark') !== ${String(before)}`);
}, 120_000);

test('nothing is fetched from anywhere else', () => {
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((url) => /^https?:/.test(url) && !url.startsWith(address))).toEqual([]);
});
