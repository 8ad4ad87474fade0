import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadConfig, readStack } from '../../../src/load/index.js';
import { failure, folderWith } from '../folder.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that can be told what to answer, and counts what it was asked. */
async function serve(
  first: Answer,
): Promise<{ url: string; asked: IncomingMessage[]; answer: (next: Answer) => void }> {
  let answer = first;
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, answer: (next) => (answer = next) };
}

const sends =
  (body: string, headers: Readonly<Record<string, string>> = {}, status = 200): Answer =>
  (_, response) =>
    void response.writeHead(status, headers).end(body);

const stackOf = (layer: unknown): string =>
  folderWith({ 'cfg.yaml': JSON.stringify({ stacks: { app: { layers: [layer] } } }) });
const once = { retries: 0, timeout: '2s' };

describe('redirects of http layers', () => {
  const redirects = (to: string): Answer => sends('', { location: to }, 302);
  const options = (dir: string) => ({ dir, stack: 'app', env: {} });

  it('are followed', async () => {
    const server = await serve((request, response) =>
      (request.url === '/a.json' ? redirects('/b.json') : sends('{"n": 1}'))(request, response),
    );
    const dir = stackOf({ http: `${server.url}/a.json`, cache: false, headers: { 'x-key': 'k' }, ...once });
    expect((await loadConfig(options(dir))).value).toEqual({ n: 1 });
    expect(server.asked.map(({ url, headers }) => [url, headers['x-key']])).toEqual([
      ['/a.json', 'k'],
      ['/b.json', 'k'],
    ]);
  });

  it('are an error where they go in a circle', async () => {
    const server = await serve((request, response) =>
      redirects(request.url === '/a.json' ? '/b.json' : '/a.json')(request, response),
    );
    const error = await failure(options(stackOf({ http: `${server.url}/a.json`, cache: false, retries: 3 })));
    expect(error.message).toContain('redirects more than 10 times');
    expect(server.asked.length).toBe(11);
  });

  it('never carry headers to another server', async () => {
    const other = await serve(sends('{"n": 1}'));
    const server = await serve(redirects(`${other.url}/b.json`));
    const layer = { http: `${server.url}/a.json`, cache: false, ...once };
    const error = await failure(options(stackOf({ ...layer, headers: { 'x-key': 'k' } })));
    expect(error.message).toContain('redirects to another server');
    expect(other.asked).toEqual([]);
    expect((await loadConfig(options(stackOf(layer)))).value).toEqual({ n: 1 });
  });
});

describe('http layers', () => {
  it('are documents with places', async () => {
    const { url } = await serve(sends('db:\n  host: remote\n'));
    const config = await loadConfig({ dir: stackOf(`${url}/app.yaml`), env: {} });
    expect(config.explain('db.host')).toMatchObject({
      value: 'remote',
      from: { layer: `${url}/app.yaml`, url: `${url}/app.yaml`, line: 2, column: 9 },
    });
    expect(config.sources).toEqual([{ name: `${url}/app.yaml`, kind: 'http', status: 'ok', attempts: 1 }]);
  });

  it.each([
    ['/a.json', '', '{"a": 1}', { a: 1 }],
    ['/a', 'application/json; charset=utf-8', '{"a": 1}', { a: 1 }],
    ['/a', 'application/vnd.x+yaml', 'a: 1', { a: 1 }],
    ['/a.ini?v=2', 'text/plain', 'a = 1', { a: '1' }],
  ])('%s as %j are read by what they are', async (path, type, body, value) => {
    const { url } = await serve(sends(body, type === '' ? {} : { 'content-type': type }));
    expect((await loadConfig({ dir: stackOf(url + path), env: {} })).value).toEqual(value);
  });

  it('are asked again with their ETag, and not sent again', async () => {
    const { url, asked, answer } = await serve(sends('a: 1', { etag: '"v1"' }));
    const dir = stackOf(`${url}/a.yaml`);
    await loadConfig({ dir, env: {} });
    answer((_, response) => void response.writeHead(304).end());
    expect((await loadConfig({ dir, env: {} })).value).toEqual({ a: 1 });
    expect(asked.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"v1"']);
  });

  it('are tried again', async () => {
    const { url, asked, answer } = await serve((_, response) => {
      response.writeHead(503).end();
      answer(sends('a: 1'));
    });
    const config = await loadConfig({ dir: stackOf(`${url}/a.yaml`), env: {} });
    expect(config.sources).toMatchObject([{ status: 'ok', attempts: 2 }]);
    expect(asked).toHaveLength(2);
  });

  it.each<[string, Answer, string]>([
    ['a refusal', sends('', {}, 403), 'answered with status 403'],
    ['a page of a proxy', sends('a: b: <html>'), 'answered with something that is no yaml: line 1'],
    ['nothing in time', () => undefined, 'took over 400 ms'],
    [
      'half an answer',
      (_, response) =>
        void (response.writeHead(200, { 'content-length': '9' }), response.write('a: 1'), response.destroy()),
      '',
    ],
  ])('end at %s in an error that names them', async (_, answer, message) => {
    const { url } = await serve(answer);
    const layer = { http: `${url}/a.yaml`, retries: 0, timeout: '400ms' };
    const error = await failure({ dir: stackOf(layer) });
    expect(error.code).toBe('E_SOURCE');
    expect(error.message).toContain(`${url}/a.yaml`);
    expect(error.message).toContain(message);
    const config = await loadConfig({ dir: stackOf({ ...layer, optional: true }), env: {} });
    expect(config.value).toEqual({});
    expect(config.sources).toMatchObject([{ status: 'failed', reason: error.message }]);
  });

  it.each<[string, string]>([
    ['text', 'a layer must be a map of keys'],
    ['- 1', 'a layer must be a map of keys'],
    ['a: 1\n---\nb: 2', 'a layer must be one document, not several'],
  ])('that answer %j have failed', async (body, message) => {
    const { url, answer } = await serve(sends('a: 1'));
    const layer = { http: `${url}/a.yaml`, ...once };
    await loadConfig({ dir: stackOf(layer), env: {} });
    answer(sends(body));
    const config = await loadConfig({ dir: stackOf(layer), env: {} });
    expect(config.value).toEqual({ a: 1 });
    expect(config.sources).toMatchObject([{ status: 'stale', reason: expect.stringContaining(message) }]);
  });

  it('may have an address from the environment', async () => {
    const { url } = await serve(sends('a: 1'));
    const dir = stackOf({ http: '${env:CONFIG_URL}/a.yaml', ...once });
    const config = await loadConfig({ dir, env: { CONFIG_URL: url } });
    expect(config.sources).toMatchObject([{ name: '${env:CONFIG_URL}/a.yaml', status: 'ok' }]);
    expect(await failure({ dir, env: { CONFIG_URL: 'file:///etc' } })).toMatchObject({
      code: 'E_SOURCE',
      message: "'${env:CONFIG_URL}/a.yaml' is no address of a web server",
    });
  });

  it('that are gone are not there', async () => {
    const { url } = await serve(sends('', {}, 404));
    expect(await failure({ dir: stackOf(`${url}/a.yaml`) })).toMatchObject({
      code: 'E_SOURCE',
      message: `layer '${url}/a.yaml' of stack 'app' does not exist`,
    });
    expect((await loadConfig({ dir: stackOf(`${url}/a.yaml?`), env: {} })).sources).toMatchObject([
      { status: 'missing' },
    ]);
  });

  it('show no credentials', async () => {
    const { url, asked } = await serve(sends('', {}, 500));
    const secret = 'canary-5e7';
    const layer = {
      ...once,
      http: `${url.replace('//', `//user:${secret}@`)}/a.yaml?token=${secret}&v=\${env:V}`,
      headers: { authorization: 'Bearer ${env:TOKEN}' },
    };
    const error = await failure({ dir: stackOf(layer), env: { TOKEN: secret, V: secret } });
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain(secret);
    expect(error.message).toContain('/a.yaml?token=***&v=${env:V}');
    expect(asked).toHaveLength(1);
  });

  it('take user and password from the URL, unless a header says otherwise, and give them to nobody else', async () => {
    const other = await serve(sends('a: 2'));
    const { url, asked, answer } = await serve(sends('a: 1'));
    const http = `${url.replace('//', '//ann:p%40s%C3%A9@')}/a.yaml`;
    const read = { ...once, http, cache: false };
    expect((await loadConfig({ dir: stackOf(read), env: {} })).value).toEqual({ a: 1 });
    await loadConfig({ dir: stackOf({ ...read, headers: { Authorization: 'Bearer t' } }), env: {} });
    const basic = `Basic ${Buffer.from('ann:p@sé').toString('base64')}`;
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([basic, 'Bearer t']);
    answer(sends('', { location: `${other.url}/b.yaml` }, 302));
    const moved = { ...read, http: http.replace('/a.yaml', '/moved.yaml') };
    expect((await failure({ dir: stackOf(moved), env: {} })).message).toContain(
      'redirects to another server',
    );
    expect(other.asked).toEqual([]);
  });

  it('need an address', async () => {
    const dir = stackOf({ http: 'http://${env:WHERE}/a.yaml', ...once });
    const message = "'http://${env:WHERE}/a.yaml' is no address of a web server";
    expect(await failure({ dir, env: { WHERE: ':x' } })).toMatchObject({ code: 'E_SOURCE', message });
  });

  it('send the headers that are asked for', async () => {
    const { url, asked } = await serve(sends('a: 1'));
    const layer = { http: `${url}/a.yaml`, headers: { authorization: 'Bearer ${env:TOKEN}' } };
    await loadConfig({ dir: stackOf(layer), env: { TOKEN: 't' } });
    expect(asked[0]?.headers.authorization).toBe('Bearer t');
    expect(await failure({ dir: stackOf(layer) })).toMatchObject({ code: 'E_SOURCE', hint: 'set TOKEN' });
  });
});

describe('the last good copy', () => {
  const cacheFolder = (): string => {
    const dir = mkdtempSync(join(tmpdir(), 'cfg-cache-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    return dir;
  };
  /** Another process: nothing is remembered. */
  const fresh = async (): Promise<typeof import('../../../src/load/index.js')> => {
    vi.resetModules();
    return import('../../../src/load/index.js');
  };

  it('stands in for a server that fails, with its age', async () => {
    const { url, answer } = await serve(sends('a: 1', { etag: '"v1"' }));
    const [dir, cache] = [stackOf({ ...once, http: `${url}/a.yaml` }), cacheFolder()];
    const env = { XDG_CACHE_HOME: cache };
    await loadConfig({ dir, env });
    const [file = ''] = readdirSync(join(cache, 'cfgit/sources'));
    const path = join(cache, 'cfgit/sources', file);
    expect([statSync(path).mode & 0o777, statSync(join(path, '..')).mode & 0o777]).toEqual([0o600, 0o700]);
    answer(sends('', {}, 500));
    const config = await (await fresh()).loadConfig({ dir, env });
    expect(config.value).toEqual({ a: 1 });
    expect(config.sources).toMatchObject([
      { status: 'stale', reason: `'${url}/a.yaml' answered with status 500` },
    ]);
    expect(config.sources[0]?.ageMs).toBeGreaterThanOrEqual(0);
  });

  it.each<[string, (text: string) => string]>([
    ['torn', (text) => text.slice(0, -10)],
    ['empty', () => ''],
    ['tampered with', (text) => text.replace('a: 1', 'a: 2')],
    ['something else', () => '[]'],
  ])('that is %s is refused', async (_, damage) => {
    const { url, answer } = await serve(sends('a: 1'));
    const [dir, cache] = [stackOf({ ...once, http: `${url}/a.yaml` }), cacheFolder()];
    const env = { XDG_CACHE_HOME: cache };
    await loadConfig({ dir, env });
    const [file = ''] = readdirSync(join(cache, 'cfgit/sources'));
    const path = join(cache, 'cfgit/sources', file);
    writeFileSync(path, damage(readFileSync(path, 'utf8')));
    answer(sends('', {}, 500));
    await expect((await fresh()).loadConfig({ dir, env })).rejects.toThrow('answered with status 500');
  });
});

describe('failover groups', () => {
  it('give the first that is healthy, and say why it is not the first of all', async () => {
    const broken = await serve(sends('a: ['));
    const good = await serve(sends('a: 2'));
    const group = {
      failover: [
        { ...once, http: `${broken.url}/a.yaml` },
        'absent.yaml',
        { http: `${good.url}/a.yaml` },
        'never.yaml',
      ],
    };
    const config = await loadConfig({ dir: stackOf(group), env: {} });
    expect(config.value).toEqual({ a: 2 });
    expect(config.explain('a').from.layer).toBe(`${good.url}/a.yaml`);
    expect(config.sources[0]).toMatchObject({ kind: 'failover', status: 'ok' });
    expect(config.sources[0]?.reason).toContain("'absent.yaml' does not exist");
  });

  it('fail when all do, with every reason', async () => {
    const error = await failure({ dir: stackOf({ failover: ['a.yaml', 'b.yaml'] }) });
    expect(error).toMatchObject({ code: 'E_SOURCE' });
    expect(error.message).toContain(
      "none of 'a.yaml | b.yaml' answered: 'a.yaml' does not exist; 'b.yaml' does not exist",
    );
  });

  it('tell what they look at', async () => {
    const { looked } = await readStack({
      dir: stackOf({ failover: ['a.yaml', 'b.yaml'], optional: true }),
      env: {},
    });
    expect(looked.map((place) => ('fsPath' in place ? place.fsPath.replace(/.*\//, '') : ''))).toEqual([
      'a.yaml',
      'b.yaml',
      'cfg.yaml',
    ]);
  });
});
