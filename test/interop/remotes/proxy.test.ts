import { readFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { run } from '../../cli/command-line.js';
import { listen, serveHttp } from './http-server.js';
import { commit, newWorld, type World } from './world.js';

const closing: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const certificateFile = join(import.meta.dirname, 'localhost.pem');
const certificate = readFileSync(certificateFile, 'utf8');

interface Proxy {
  readonly address: string;
  /** What it was asked: `GET http://...`, `CONNECT host:port`. */
  readonly requests: readonly string[];
}

/** A proxy that passes requests on and makes tunnels; with a login, only for who knows it. */
async function startProxy(login?: string): Promise<Proxy> {
  const requests: string[] = [];
  const expected = login && `Basic ${Buffer.from(login).toString('base64')}`;
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const { 'proxy-authorization': given, ...headers } = request.headers;
    if (given !== expected) {
      response.writeHead(407).end();
      return;
    }
    const onward = httpRequest(request.url ?? '', { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on('connect', (request, socket) => {
    requests.push(`CONNECT ${request.url}`);
    if (request.headers['proxy-authorization'] !== expected) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) end.on('error', () => end.destroy());
  });
  const port = await listen(server);
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `127.0.0.1:${port}`, requests };
}

async function serve(world: World, isSecure: boolean): Promise<string> {
  const server = await serveHttp({ root: world.dir, ...(isSecure && { certificate }) });
  closing.push(server.close);
  return `${server.url}/srv.git`;
}

const clone = (
  world: World,
  url: string,
  env: Readonly<Record<string, string>> = {},
): ReturnType<typeof run> => run(['clone', url, 'copy'], { cwd: world.dir, env });

describe('a server with a certificate', () => {
  it('is trusted where http.sslCAInfo names it, and not before', async () => {
    const world = newWorld();
    const url = await serve(world, true);
    const refused = await clone(world, url);
    expect(refused).toMatchObject({ code: 4 });
    expect(refused.stderr).toContain('the certificate is not trusted');
    expect(await clone(world, url, { GIT_SSL_CAINFO: certificateFile })).toMatchObject({ code: 0 });
    expect(world.git('copy', 'rev-parse HEAD')).toBe(world.git('srv.git', 'rev-parse HEAD'));
  });
});

describe('a proxy', () => {
  it('of the environment passes on what is in the clear', async () => {
    const world = newWorld();
    const url = await serve(world, false);
    const proxy = await startProxy();
    expect(await clone(world, url, { http_proxy: proxy.address })).toMatchObject({ code: 0, stderr: '' });
    expect(proxy.requests).toEqual([
      `GET ${url}/info/refs?service=git-upload-pack`,
      `POST ${url}/git-upload-pack`,
    ]);
    expect(world.git('copy', 'rev-parse HEAD')).toBe(world.git('srv.git', 'rev-parse HEAD'));
  });

  it('of the settings of Git makes way for what is not, with a login, both ways', async () => {
    const world = newWorld();
    world.git('srv.git', 'config http.receivepack true');
    const url = await serve(world, true);
    const proxy = await startProxy('me:p w');
    const env = { GIT_SSL_CAINFO: certificateFile, https_proxy: `http://me:p%20w@${proxy.address}` };
    expect(await clone(world, url, env)).toMatchObject({ code: 0, stderr: '' });
    world.git('copy', `config http.proxy ${env.https_proxy}`);
    const pushed = await commit(world, 'copy', 'a.yaml#one', '7');
    const { GIT_SSL_CAINFO } = env;
    expect(await run(['push'], { cwd: join(world.dir, 'copy'), env: { GIT_SSL_CAINFO } })).toMatchObject({
      code: 0,
    });
    expect(world.git('srv.git', 'rev-parse main')).toBe(pushed);
    expect(new Set(proxy.requests)).toEqual(new Set([`CONNECT ${new URL(url).host}`]));
    expect(proxy.requests.length).toBeGreaterThan(2);
  });

  it('that does not know us, is not there, or is none, is told apart from the server', async () => {
    const world = newWorld();
    const proxy = await startProxy('me:pw');
    for (const isSecure of [false, true]) {
      const url = await serve(world, isSecure);
      const env = { GIT_SSL_CAINFO: certificateFile };
      const tried = (address: string): ReturnType<typeof run> =>
        clone(world, url, { ...env, all_proxy: address });
      const unknown = await tried(`http://me:secret@${proxy.address}`);
      expect(unknown.stderr).toContain('is behind a proxy that needs a login');
      const absent = await tried('http://me:secret@127.0.0.1:9');
      expect(absent.stderr).toContain("see whether the proxy '127.0.0.1:9' is right");
      const socks = await tried('socks5://me:secret@127.0.0.1:9');
      expect(socks.stderr).toContain("'socks5://127.0.0.1:9' is no HTTP proxy");
      for (const { code, stderr } of [unknown, absent, socks])
        expect({ code, shown: stderr.includes('secret') }).toEqual({ code: 4, shown: false });
    }
  });

  it.each([
    ['no_proxy names the host', { no_proxy: 'example.com, 127.0.0.1' }],
    ['no_proxy is for all', { NO_PROXY: '*' }],
    ['only HTTP_PROXY names one', { http_proxy: undefined, HTTP_PROXY: '127.0.0.1:9' }],
  ])('is passed by where %s', async (_what, given) => {
    const world = newWorld();
    const url = await serve(world, false);
    const env: Record<string, string> = { http_proxy: '127.0.0.1:9' };
    for (const [name, value] of Object.entries(given))
      if (value === undefined) delete env[name];
      else env[name] = value;
    expect(await clone(world, url, env)).toMatchObject({ code: 0, stderr: '' });
  });

  it('is passed by where http.proxy is empty', async () => {
    const world = newWorld();
    const url = await serve(world, false);
    world.git('', 'init -q -b main copy');
    world.git('copy', 'config http.proxy ""');
    world.git('copy', `remote add origin ${url}`);
    const result = await run(['fetch'], { cwd: join(world.dir, 'copy'), env: { http_proxy: '127.0.0.1:9' } });
    expect(result).toMatchObject({ code: 0, stderr: '' });
  });
});
