/** One HTTP request. */
import { readFileSync } from 'node:fs';
import { Agent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as SecureAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import { Readable } from 'node:stream';
import type { Environment } from '../config/load.js';
import { booleanOf } from '../config/load.js';
import { remoteError } from './failure.js';
import { proxyFor, proxyLogin } from './proxy.js';
import type { RequestBody } from './wire.js';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RequestBody;
  /** Without credentials, for messages. */
  readonly url: string;
  /** A setting of Git for this address: `sslVerify`. */
  readonly settings: (key: string) => string | undefined;
  readonly env: Environment;
  readonly connections: Connections;
}

/**
 * The connections of one exchange. Left to Node, one whose answer was not read to its very end would keep the process alive until the
 * server gives it up.
 */
export class Connections {
  private readonly agents = new Map<string, Agent>();

  /** What connects to a server; the connections are used again for the next request. */
  async to({ protocol }: URL, proxy: URL | undefined): Promise<Agent> {
    const name = `${protocol} ${proxy?.href ?? ''}`;
    const known = this.agents.get(name);
    if (known !== undefined) return known;
    const agent = await this.open(protocol, proxy);
    this.agents.set(name, agent);
    return agent;
  }

  close(): void {
    for (const agent of this.agents.values()) agent.destroy();
  }

  private async open(protocol: string, proxy: URL | undefined): Promise<Agent> {
    const options = { keepAlive: true };
    if (protocol === 'http:')
      return proxy?.protocol === 'https:' ? new SecureAgent(options) : new Agent(options);
    if (proxy === undefined) return new SecureAgent(options);
    const { HttpsProxyAgent } = await import('https-proxy-agent');
    return new HttpsProxyAgent(proxy, options);
  }
}

/** After so long without a byte the other side is taken for dead, in milliseconds. */
const idleMs = 60_000;

/** The response once its head is there, whatever its status. Throws E_REMOTE. */
export async function sendRequest(target: URL, request: HttpRequest): Promise<IncomingMessage> {
  const { method, headers, body, url } = request;
  const proxy = proxyFor(target, request);
  const agent = await request.connections.to(target, proxy);
  const options = { ...security(target, request), agent, method, timeout: idleMs };
  const sent = beginRequest(
    { target, proxy, options },
    {
      ...headers,
      ...(method === 'POST' ? { 'content-length': String(body.bytes) } : {}),
    },
  );
  return new Promise((resolve, reject) => {
    let answered = false;
    sent.once('response', (response) => {
      answered = true;
      resolve(response);
    });
    sent.once('timeout', () => sent.destroy(new Error('nothing came for a minute')));
    sent.on('error', (error) => {
      if (!answered) reject(unreachable(url, { host: (proxy ?? target).host, proxy }, error));
    });
    send(sent, body);
  });
}

interface Way {
  readonly target: URL;
  readonly proxy: URL | undefined;
  readonly options: RequestOptions;
}

/** A proxy passes on what is in the clear, and makes way for what is not: of that it sees the name of the server and no more. */
function beginRequest(
  { target, proxy, options }: Way,
  headers: Readonly<Record<string, string>>,
): ClientRequest {
  if (target.protocol === 'https:') return httpsRequest(target, { ...options, headers });
  if (proxy === undefined) return httpRequest(target, { ...options, headers });
  const request = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
  const all = { ...headers, host: target.host, ...proxyLogin(proxy) };
  return request(new URL(proxy.origin), { ...options, headers: all, path: target.href });
}

function send(sent: ClientRequest, body: RequestBody): void {
  if (body.bytes === 0) sent.end();
  else Readable.from(body.read()).pipe(sent);
}

/** git: http.sslVerify, http.sslCAInfo. */
function security({ protocol }: URL, { settings, env, url }: HttpRequest): RequestOptions {
  if (protocol !== 'https:') return {};
  const verify =
    env['GIT_SSL_NO_VERIFY'] === undefined && booleanOf(settings('sslVerify') ?? 'true') !== false;
  const authorities = env['GIT_SSL_CAINFO'] ?? settings('sslCAInfo');
  if (authorities === undefined) return { rejectUnauthorized: verify };
  try {
    return { rejectUnauthorized: verify, ca: readFileSync(authorities) };
  } catch (cause) {
    throw remoteError(url, `cannot be checked: '${authorities}' cannot be read`, {
      hint: 'see http.sslCAInfo',
      cause,
    });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'no such host, or no network',
  ECONNREFUSED: 'nobody answers there',
  ECONNRESET: 'the connection was closed',
  ENETUNREACH: 'no network',
  EHOSTUNREACH: 'the host cannot be reached',
  ETIMEDOUT: 'no answer',
};

/** The host that was asked for a connection, and whether it is a proxy. */
interface Asked {
  readonly host: string;
  readonly proxy: URL | undefined;
}

function unreachable(url: string, { host, proxy }: Asked, error: Error): Error {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const why = reasons[code] ?? (error.message || code);
  const isTrust = /CERT|SELF_SIGNED|UNABLE_TO/.test(code);
  return remoteError(url, `cannot be reached: ${why}${code === '' ? '' : ` (${code})`}`, {
    hint: isTrust
      ? 'the certificate is not trusted: git config --global http.sslCAInfo FILE'
      : `see whether ${proxy ? 'the proxy ' : ''}'${host}' is right and the network is up`,
    cause: error,
    details: { errno: code || null },
  });
}
