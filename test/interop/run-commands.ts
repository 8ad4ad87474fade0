/** Runs command lines in a folder, each with `--json`, and prints how each ended. A process of its own: it may be another user's. */
import { main } from '../../src/cli/index.js';

const [dir = '', lines = '[]'] = process.argv.slice(2);
const env = {
  ...process.env,
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@x',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@x',
};

async function runAll(commands: readonly (readonly string[])[]): Promise<void> {
  const outcomes: (readonly [string, number, boolean, string])[] = [];
  for (const line of commands) {
    const [stdout, stderr]: [string[], string[]] = [[], []];
    const code = await main(['--json', ...line], {
      stdout: { isTTY: false, columns: 80, write: (text) => void stdout.push(text) },
      stderr: { isTTY: false, columns: 80, write: (text) => void stderr.push(text) },
      readStdin: async () => '',
      env,
      cwd: dir,
      now: () => new Date(),
    });
    const error = stderr.length === 0 ? '' : String(JSON.parse(stderr.join('')).error.code);
    outcomes.push([line.join(' '), code, stdout.join('') !== '', error]);
  }
  console.log(JSON.stringify(outcomes));
}

await runAll(JSON.parse(lines));
