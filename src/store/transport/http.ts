/** A wire over HTTP(S): one request for the refs, then one for each step (git: gitprotocol-http, smart clients). */
import type { IncomingMessage } from 'node:http';
import type { Environment } from '../config/load.js';
import type { GitConfig } from '../types.js';
import { type Attempt, credentialsFor } from './credentials.js';
import { cutOff, remoteError } from './failure.js';
import { Connections, sendRequest } from './http-request.js';
import { PacketReader } from './packets.js';
import type { Credentials, Service } from './types.js';
import { urlSettings } from './url-config.js';
import { bodyOf, type RequestBody, type Wire } from './wire.js';

export interface HttpOptions {
  readonly publicUrl: string;
  readonly service: Service;
  readonly config: GitConfig;
  readonly env: Environment;
  readonly ask?: (url: string, username: string | undefined) => Promise<Credentials | undefined>;
}

const maxRedirects = 10;

interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: RequestBody;
  readonly headers: Readonly<Record<string, string>>;
}

export class HttpWire implements Wire {
  readonly url: string;
  readonly isStateless = true;
  private readonly options: HttpOptions;
  /** Where the repository is; another one after a redirect. Without credentials. */
  private base: URL;
  private attempts: AsyncGenerator<Attempt, void, undefined>;
  private attempt: Attempt | undefined;
  private readonly connections = new Connections();

  constructor(url: URL, options: HttpOptions) {
    this.url = options.publicUrl;
    this.options = options;
    this.base = withoutUser(url);
    this.attempts = credentialsFor({ ...options, url, isAskedFor: true });
  }

  async greeting(): Promise<PacketReader> {
    const { service } = this.options;
    const path = `/info/refs?service=git-${service}`;
    const response = await this.exchange({ method: 'GET', path, headers: { 'cache-control': 'no-cache' } });
    const type = response.headers['content-type'] ?? '';
    if (!type.startsWith(`application/x-git-${service}-advertisement`)) throw this.notSmart(response);
    const reader = this.reader(response);
    const first = await reader.line();
    if (first !== `# service=git-${service}` || (await reader.next()) !== null)
      throw remoteError(this.url, 'answers, but not as a Git server does');
    return reader;
  }

  async request(body: RequestBody): Promise<PacketReader> {
    const { service } = this.options;
    const kind = `application/x-git-${service}`;
    const headers = { 'content-type': `${kind}-request`, accept: `${kind}-result` };
    const response = await this.exchange({ method: 'POST', path: `/git-${service}`, body, headers });
    return this.reader(response);
  }

  async close(): Promise<void> {
    this.connections.close();
    await this.attempts.return();
  }

  /** Repeats a request until the server knows who asks. */
  private async exchange(exchange: Exchange): Promise<IncomingMessage> {
    for (let redirects = 0; ;) {
      const response = await this.send(exchange);
      const { statusCode = 0, headers } = response;
      if (statusCode === 200) {
        await this.settle('approve');
        return response;
      }
      response.resume();
      const isMoved = statusCode >= 300 && statusCode < 400 && headers.location !== undefined;
      if (isMoved && exchange.method === 'GET' && redirects < maxRedirects) {
        this.follow(headers.location ?? '', exchange.path);
        redirects += 1;
      } else if (statusCode === 401) await this.identify();
      else throw refusal(this.url, statusCode, isMoved);
    }
  }

  private send({ method, path, body = bodyOf(), headers }: Exchange): Promise<IncomingMessage> {
    const { config } = this.options;
    const target = new URL(this.base.href.replace(/\/+$/, '') + path);
    return sendRequest(target, {
      method,
      body,
      url: this.url,
      headers: {
        'user-agent': 'git/cfg',
        accept: '*/*',
        ...this.extraHeaders(),
        ...this.login(),
        ...headers,
      },
      settings: (key) => urlSettings(config, 'http', key, this.base).at(-1),
      env: this.options.env,
      connections: this.connections,
    });
  }

  private login(): Readonly<Record<string, string>> {
    if (this.attempt === undefined) return {};
    const { username, password } = this.attempt;
    return { authorization: `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}` };
  }

  /** git: http.extraHeader; an empty value drops the ones before. */
  private extraHeaders(): Readonly<Record<string, string>> {
    const values = urlSettings(this.options.config, 'http', 'extraHeader', this.base);
    return Object.fromEntries(
      values.slice(values.lastIndexOf('') + 1).map((line) => {
        const at = line.indexOf(':');
        return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()];
      }),
    );
  }

  /** To another server we are nobody yet; nothing that was encrypted goes on in the clear. */
  private follow(location: string, path: string): void {
    const next = new URL(location, this.base);
    const isLess = this.base.protocol === 'https:' && next.protocol !== 'https:';
    const repository = next.pathname + next.search;
    if (isLess || !/^https?:$/.test(next.protocol) || !repository.endsWith(path))
      throw remoteError(this.url, 'leads to another address that cfg does not follow', {
        hint: 'use that address: cfg remote set-url NAME URL',
        details: { location: withoutUser(next).href },
      });
    const base = new URL(next.origin + repository.slice(0, -path.length));
    if (base.origin !== this.base.origin) {
      this.attempt = undefined;
      this.attempts = credentialsFor({ ...this.options, url: base, isAskedFor: false });
    }
    this.base = base;
  }

  private async identify(): Promise<void> {
    await this.settle('reject');
    const had = this.attempt !== undefined;
    const next = await this.attempts.next();
    if (next.done === true) throw unauthorized(this.url, had);
    this.attempt = next.value;
  }

  private async settle(verdict: 'approve' | 'reject'): Promise<void> {
    await this.attempt?.[verdict]?.();
    // A helper is told once.
    if (verdict === 'approve' && this.attempt !== undefined)
      this.attempt = { username: this.attempt.username, password: this.attempt.password };
  }

  private reader(response: IncomingMessage): PacketReader {
    return new PacketReader(contentOf(response, this.url), this.url);
  }

  private notSmart(response: IncomingMessage): Error {
    response.destroy();
    const type = response.headers['content-type'] ?? 'unknown';
    return remoteError(this.url, `is no Git repository: it answers with '${type}'`, {
      hint: 'see whether the address is that of a repository; a server of plain files will not do',
    });
  }
}

function withoutUser(url: URL): URL {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  return plain;
}

async function* contentOf(
  response: IncomingMessage,
  url: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks: AsyncIterable<Buffer> = response;
  try {
    yield* chunks;
  } catch (error) {
    throw cutOff(url, error);
  }
}

function unauthorized(url: string, had: boolean): Error {
  return remoteError(url, had ? 'does not accept the login' : 'needs a login', {
    hint: 'set CFG_TOKEN, add the host to ~/.netrc, or configure a helper: git config --global credential.helper NAME',
    details: { status: 401 },
  });
}

function refusal(url: string, status: number, isMoved: boolean): Error {
  const details = { status };
  if (status === 403)
    return remoteError(url, 'does not allow this (403)', {
      hint: 'see whether the login has the rights',
      details,
    });
  if (status === 404 || status === 410)
    return remoteError(url, `is not there (${status})`, {
      hint: 'see whether the address is right; a private repository may hide from those who are not logged in: set CFG_TOKEN',
      details,
    });
  if (status === 407)
    return remoteError(url, 'is behind a proxy that needs a login', {
      hint: 'put it into the address of the proxy: http://USER:PASSWORD@HOST:PORT',
      details,
    });
  if (isMoved) return remoteError(url, `redirects where it should answer (${status})`, { details });
  return remoteError(url, `answered with status ${status}`, {
    hint: status >= 500 ? 'the server has a problem: try again later' : 'see whether the address is right',
    details,
  });
}
