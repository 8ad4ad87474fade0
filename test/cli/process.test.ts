import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { emptyFolder, environment, shell } from './command-line.js';
import { shellWord } from '../../src/errors.js';

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const node = [
  process.execPath,
  '--import',
  loader,
  fileURLToPath(new URL('./process-entry.ts', import.meta.url)),
];
const cfg = node.map(shellWord).join(' ');
const cwd = emptyFolder();

describe('the process', () => {
  it('answers on stdout, complains on stderr, and exits with the code', () => {
    expect(shell(`${cfg} --version`, { cwd })).toMatchObject({ code: 0, stderr: '' });
    expect(shell(`${cfg} frob`, { cwd })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error: .*\nhint: .*\n$/),
    });
  });

  it('ends quietly when nobody reads any more', () => {
    const { stderr } = shell(`{ sleep 0.2; ${cfg} --help; echo "code $?" >&2; } | true`, { cwd });
    expect(stderr).toBe('code 0\n');
  });

  it('says so when there is no room for the answer', () => {
    expect(shell(`${cfg} --help > /dev/full`, { cwd })).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/^error: cannot write to standard output: ENOSPC.*\nhint: .*\n$/),
    });
  });

  it('writes more than a pipe holds, to a reader that takes its time', () => {
    const name = '$(head -c 100000 /dev/zero | tr "\\0" x)';
    const { stdout } = shell(`${cfg} ${name} 2>&1 | { sleep 1; wc -c; }`, { cwd });
    expect(Number(stdout)).toBeGreaterThan(100_000);
  });

  it('says so when an error was awaited by nobody', () => {
    const { code, stderr } = shell(`${cfg} set a.yaml#b - < /dev/zero`, {
      cwd,
      env: { CFG_TEST_STRAY: '1' },
    });
    expect(code).toBe(70);
    expect(stderr).toMatch(/^error: this is a bug in cfg: TypeError: nobody waits for me\nhint: .*\n$/);
  });

  it('says so when the current folder is gone', () => {
    const { code, stderr } = shell(`${cfg} status`, { cwd, env: { CFG_TEST_GONE: emptyFolder() } });
    expect([code, stderr]).toEqual([4, 'error: the current folder is gone\nhint: cd to one that is there\n']);
  });

  it('ends with 130 on Ctrl-C', async () => {
    const child = spawn(node[0] ?? '', [...node.slice(1), 'set', 'a.yaml#b', '-'], {
      cwd,
      env: environment({ CFG_TEST_READY: '1' }),
    });
    child.stderr.once('data', () => child.kill('SIGINT'));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(130);
  });
});

describe('bin/cfg.js', () => {
  const bin = join(import.meta.dirname, '../../bin/cfg.js');

  function install(): string {
    const dir = emptyFolder();
    mkdirSync(join(dir, 'bin'));
    writeFileSync(join(dir, 'package.json'), '{"type": "module"}');
    copyFileSync(bin, join(dir, 'bin/cfg.js'));
    writeFileSync(join(dir, 'bin/package.json'), '{"type": "commonjs"}');
    return dir;
  }

  it('hands the process to the launcher beside the pack', () => {
    const dir = install();
    mkdirSync(join(dir, 'dist/bundle'), { recursive: true });
    const entry =
      'exports.launch = (load, folder) => { console.log(load.resolve("./cfg.js"), folder); process.exitCode = 3; };';
    writeFileSync(join(dir, 'dist/bundle/launch.cjs'), entry);
    const { status, stdout } = spawnSync(process.execPath, [join(dir, 'bin/cfg.js'), 'log', '-n', '1'], {
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([3, `${join(dir, 'bin/cfg.js')} ${join(dir, 'dist/bundle')}\n`]);
  });

  it('says what to do when it is not built', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(install(), 'bin/cfg.js')], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([4, 'error: cfg is not built\nhint: run npm run build in its folder\n']);
  });
});
