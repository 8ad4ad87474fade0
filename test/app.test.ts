import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { environment } from './cli/command-line.js';

const root = join(import.meta.dirname, '..');
const sample = join(root, 'fixtures/app');
const patient = { timeout: 15_000, interval: 10 };

/** A copy of the sample application, started on any free port. It must end by itself after SIGTERM. */
function startedApp(): { readonly dir: string; readonly printed: () => string } {
  const dir = mkdtempSync(join(tmpdir(), 'cfg-app-'));
  cpSync(sample, dir, { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
  buildSync({
    entryPoints: [join(sample, 'server.mjs')],
    outfile: join(dir, 'server.mjs'),
    allowOverwrite: true,
    alias: { cfgit: join(root, 'src/index.ts') },
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    logLevel: 'error',
  });
  const child = spawn(process.execPath, ['server.mjs'], { cwd: dir, env: environment({ APP_PORT: '0' }) });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (printed += data.toString()));
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    rmSync(dir, { recursive: true });
  });
  return { dir, printed: () => printed };
}

it('is in the README as it is', () => {
  const text = readFileSync(join(sample, 'server.mjs'), 'utf8');
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`\`\`\`js\n${text}\`\`\``);
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
});

it('reloads without a restart, keeps the last good configuration, and ends with nothing left open', async () => {
  const { dir, printed } = startedApp();
  await expect.poll(printed, patient).toMatch(/port \d+/);
  const port = /port (\d+)/.exec(printed())?.[1] ?? '';
  const answer = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/`)).text();
  expect(await answer()).toBe('Hello, revision 1\n');

  writeFileSync(join(dir, 'local.yaml'), 'greeting: Moin\n');
  await expect.poll(answer, patient).toBe('Moin, revision 2\n');
  expect(printed()).toContain('greeting: Hello -> Moin\n');

  writeFileSync(join(dir, 'local.yaml'), 'greeting: 5\n');
  await expect.poll(printed, patient).toContain("local.yaml:1: 'greeting' must be a string");
  expect(await answer()).toBe('Moin, revision 2\n');

  rmSync(join(dir, 'local.yaml'));
  await expect.poll(answer, patient).toBe('Hello, revision 3\n');
});
