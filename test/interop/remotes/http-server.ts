/** `git http-backend` behind a small HTTP server on a port of the system's choosing, with the faults that servers have. */
import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { environment } from '../../cli/command-line.js';

export interface ServerOptions {
  /** The folder that holds the repositories. */
  readonly root: string;
  /** `user:password`. */
  readonly login?: string;
  /** Cuts the connection after so many bytes of an answer to a POST. */
  readonly cutAfter?: number;
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
  readonly close: () => Promise<void>;
}

export async function serveHttp(options: ServerOptions): Promise<GitServer> {
  const [requests, logins]: [string[], (string | undefined)[]] = [[], []];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    logins.push(request.headers.authorization);
    handle(request, response, options);
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    logins,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server): Promise<number> {
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
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      ...(login === undefined ? {} : { REMOTE_USER: login.split(':')[0] ?? '' }),
    },
  });
  child.stderr.resume();
  child.stdin.on('error', () => child.kill());
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => void chunks.push(chunk));
  child.stdout.on('end', () =>
    reply(Buffer.concat(chunks), response, request.method === 'POST' ? cutAfter : undefined),
  );
}

function reply(output: Buffer, response: ServerResponse, cutAfter: number | undefined): void {
  const end = output.indexOf('\r\n\r\n');
  const fields = output
    .toString('latin1', 0, end)
    .split('\r\n')
    .map((line): [string, string] => {
      const at = line.indexOf(':');
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
    });
  const status = Number(new Map(fields).get('status')?.slice(0, 3) ?? 200);
  const body = output.subarray(end + 4);
  response.writeHead(status, Object.fromEntries(fields.filter(([name]) => name !== 'status')));
  if (cutAfter === undefined) response.end(body);
  else response.write(body.subarray(0, cutAfter), () => response.destroy());
}
