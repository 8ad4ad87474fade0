/** `git http-backend` behind a small HTTP server on a port of the system's choosing, with the faults that servers have. */
import { spawn } from 'node:child_process';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { promisify } from 'node:util';
import { createServer as createSecureServer } from 'node:https';
import type { Readable } from 'node:stream';
import { environment } from '../../cli/command-line.js';

export interface ServerOptions {
  /** The folder that holds the repositories. */
  readonly root: string;
  /** `user:password`. */
  readonly login?: string;
  /** Cuts the connection after so many bytes of an answer to a POST. */
  readonly cutAfter?: number;
  /** A certificate with its key: then it is HTTPS. */
  readonly certificate?: string;
  /** Answers this before Git is asked; undefined goes on. */
  readonly answer?: (
    request: IncomingMessage,
  ) => { readonly status: number; readonly location?: string } | undefined;
}

export interface GitServer {
  readonly url: string;
  /** The requests so far: `GET /a.git/info/refs?service=git-upload-pack`. */
  readonly requests: readonly string[];
  readonly logins: readonly (string | undefined)[];
  /** How many connections are open. */
  readonly connections: () => Promise<number>;
  readonly close: () => Promise<void>;
}

export async function serveHttp(options: ServerOptions): Promise<GitServer> {
  const [requests, logins]: [string[], (string | undefined)[]] = [[], []];
  const listener: RequestListener = (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    logins.push(request.headers.authorization);
    handle(request, response, options);
  };
  const { certificate } = options;
  const server =
    certificate === undefined
      ? createServer(listener)
      : createSecureServer({ key: certificate, cert: certificate }, listener);
  const port = await listen(server);
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests,
    logins,
    connections: promisify(server.getConnections.bind(server)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The port that the system chose. */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

function handle(request: IncomingMessage, response: ServerResponse, options: ServerOptions): void {
  const { login, answer } = options;
  const given = answer?.(request);
  if (given !== undefined) {
    response.writeHead(given.status, given.location === undefined ? {} : { location: given.location });
    response.end();
    return;
  }
  const expected = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
  if (expected !== undefined && request.headers.authorization !== expected) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' });
    response.end();
    return;
  }
  backend(request, response, options);
}

function backend(
  request: IncomingMessage,
  response: ServerResponse,
  { root, cutAfter, login }: ServerOptions,
): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const child = spawn('git', ['http-backend'], {
    env: {
      ...environment(),
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      ...(login === undefined ? {} : { REMOTE_USER: login.split(':')[0] ?? '' }),
    },
  });
  child.stderr.resume();
  child.stdin.on('error', () => child.kill());
  request.pipe(child.stdin);
  pass(child.stdout, response, request.method === 'POST' ? cutAfter : undefined);
}

/** The answer as it comes: what a CGI program says first are the fields. */
function pass(output: Readable, response: ServerResponse, cutAfter = Number.POSITIVE_INFINITY): void {
  let head = Buffer.alloc(0);
  let left = cutAfter;
  const write = (data: Buffer): void => {
    left -= data.length;
    if (left > 0) return void response.write(data);
    output.removeAllListeners();
    response.write(data.subarray(0, data.length + left), () => response.destroy());
  };
  output.on('data', function begin(chunk: Buffer) {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const { status, ...fields } = fieldsOf(head.toString('latin1', 0, end));
    response.writeHead(Number(status?.slice(0, 3) ?? 200), fields);
    output.off('data', begin).on('data', write);
    write(head.subarray(end + 4));
  });
  output.on('end', () => response.end());
}

function fieldsOf(head: string): Readonly<Record<string, string>> {
  const fields = head.split('\r\n').map((line): [string, string] => {
    const at = line.indexOf(':');
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
  });
  return Object.fromEntries(fields);
}
