/** One of several processes that give the same version to different commits: `node tag-process.ts DIR COMMIT START`. Exits as `cfg tag` does. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { main } from '../../src/cli/index.js';

const [dir = '', commit = '', start = ''] = process.argv.slice(2);
process.stdout.write('ready\n');
while (!existsSync(start)) await sleep(1);

process.exitCode = await main(['tag', '1.0.0', commit], {
  stdout: { isTTY: false, columns: 80, write: () => undefined },
  stderr: { isTTY: false, columns: 80, write: (text) => void process.stderr.write(text) },
  readStdin: async () => '',
  env: {
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.com',
  },
  cwd: dir,
  now: () => new Date(),
});
