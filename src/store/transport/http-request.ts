/** One HTTP request. */
import { readFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { Readable } from 'node:stream';
import type { Environment } from '../config/load.js';
import { booleanOf } from '../config/load.js';
import { remoteError } from './failure.js';
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
}

/** After so long without a byte the other side is taken for dead, in milliseconds. */
const idleMs = 60_000;

/** The response once its head is there, whatever its status. Throws E_REMOTE. */
export function sendRequest(target: URL, request: HttpRequest): Promise<IncomingMessage> {
  const { method, headers, body, url } = request;
  const options: RequestOptions = {
    method,
    headers: { ...headers, ...(method === 'POST' ? { 'content-length': String(body.bytes) } : {}) },
    timeout: idleMs,
    ...(target.protocol === 'https:' ? security(request) : {}),
  };
  return new Promise((resolve, reject) => {
    const sent = target.protocol === 'https:' ? httpsRequest(target, options) : httpRequest(target, options);
    let answered = false;
    sent.once('response', (response) => {
      answered = true;
      resolve(response);
    });
    sent.once('timeout', () => sent.destroy(new Error('nothing came for a minute')));
    sent.on('error', (error) => {
      if (!answered) reject(unreachable(url, target, error));
    });
    send(sent, body);
  });
}

function send(sent: ClientRequest, body: RequestBody): void {
  if (body.bytes === 0) sent.end();
  else Readable.from(body.read()).pipe(sent);
}

/** git: http.sslVerify, http.sslCAInfo. */
function security({ settings, env, url }: HttpRequest): RequestOptions {
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

function unreachable(url: string, { host }: URL, error: Error): Error {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const why = reasons[code] ?? (error.message || code);
  const isTrust = /CERT|SELF_SIGNED|UNABLE_TO/.test(code);
  return remoteError(url, `cannot be reached: ${why}${code === '' ? '' : ` (${code})`}`, {
    hint: isTrust
      ? 'the certificate is not trusted: git config --global http.sslCAInfo FILE'
      : `see whether '${host}' is right and the network is up`,
    cause: error,
    details: { errno: code || null },
  });
}
