/** `git http-backend` behind HTTP, in a process of its own: `server.ts FOLDER` serves the repositories of a folder and prints the address. */
import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { env } from '../store/repository.js';

const [root = '.'] = process.argv.slice(2);
const server = createServer(answer);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const child = spawn('git', ['-c', 'safe.directory=*', 'http-backend'], {
    env: {
      ...env,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
  });
  child.stderr.resume();
  request.pipe(child.stdin);
  let head = Buffer.alloc(0);
  child.stdout.on('data', function begin(chunk: Buffer) {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    child.stdout.off('data', begin);
    response.writeHead(200, fieldsOf(head.toString('latin1', 0, end)));
    response.write(head.subarray(end + 4));
    child.stdout.pipe(response);
  });
}

function fieldsOf(head: string): Readonly<Record<string, string>> {
  const fields = head.split('\r\n').map((line): [string, string] => {
    const at = line.indexOf(':');
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
  });
  return Object.fromEntries(fields.filter(([name]) => name !== 'status'));
}
