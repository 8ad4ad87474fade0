import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ModulePack } from '../../src/cli/module-pack.js';

const project = join(import.meta.dirname, '../..');

describe('the executable', () => {
  let installed = '';
  let home = '';
  const cacheFolder = (): string => join(home, 'cache/cfg/code');

  beforeAll(() => {
    installed = realpathSync(mkdtempSync(join(tmpdir(), 'cfg-installed-')));
    cpSync(join(project, 'bin'), join(installed, 'bin'), { recursive: true });
    cpSync(join(project, 'package.json'), join(installed, 'package.json'));
    const bundling = spawnSync(process.execPath, [
      join(project, 'scripts/bundle.js'),
      join(installed, 'dist/bundle'),
    ]);
    if (bundling.status !== 0) throw new Error(`the program cannot be bundled: ${String(bundling.stderr)}`);
    home = mkdtempSync(join(installed, 'home-'));
    writeFileSync(join(home, 'a.yaml'), 'name: Zoë\n');
    spawnSync('git', ['init', '-q'], { cwd: home });
  });
  afterAll(() => rmSync(installed, { recursive: true, force: true }));
  beforeEach(() => rmSync(join(home, 'cache'), { recursive: true, force: true }));

  function run(argv: readonly string[], env: Record<string, string> = {}): [number | null, string, string] {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(installed, 'bin/cfg.js'), ...argv], {
      cwd: home,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: home, XDG_CACHE_HOME: join(home, 'cache'), ...env },
    });
    return [status, stdout, stderr];
  }

  const kept = (): string[] => {
    try {
      return readdirSync(cacheFolder());
    } catch {
      return [];
    }
  };

  it.each([
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/, /^$/],
    [['--json', '--version'], 0, /"version"/, /^$/],
    [['--help'], 0, /Usage: cfg/, /^$/],
    [['get', 'a.yaml#name'], 0, /^Zoë\n$/, /^$/],
    [['-C', '.', 'get', 'a.yaml#nope'], 1, /^$/, /^error: .*\nhint: /],
    [['nope'], 2, /^$/, /^error: unknown command 'nope'/],
    [['--nope'], 2, /^$/, /^error: unknown option/],
  ])('answers %j as the library does, twice', (argv, status, stdout, stderr) => {
    const expected = [status, expect.stringMatching(stdout), expect.stringMatching(stderr)];
    expect([run(argv), run(argv)]).toEqual([expected, expected]);
  });

  it('keeps the compiled code of a command, for its owner only', () => {
    run(['get', 'a.yaml#name']);
    const [file = ''] = kept();
    expect(file).toMatch(/^get-[0-9a-f]{16}-v.*\.bin$/);
    expect(statSync(join(cacheFolder(), file)).mode & 0o777).toBe(0o600);
    const { ino } = statSync(join(cacheFolder(), file));
    run(['get', 'a.yaml#name']);
    expect(statSync(join(cacheFolder(), file)).ino).toBe(ino);
  });

  it('keeps what further runs of the command asked for beside what the first did', () => {
    writeFileSync(join(home, 'b.json'), '{"name": 1}\n');
    run(['get', 'a.yaml#name']);
    const file = join(cacheFolder(), kept()[0] ?? '');
    const { size } = statSync(file);
    run(['get', 'b.json#name']);
    const { size: both, ino } = statSync(file);
    expect(both).toBeGreaterThan(size);
    expect([run(['get', 'a.yaml#name']), run(['get', 'b.json#name'])]).toEqual([
      [0, 'Zoë\n', ''],
      [0, '1\n', ''],
    ]);
    expect(statSync(file).ino).toBe(ino);
  });

  it('packs every module with all that it exports', () => {
    const file = join(installed, 'dist/bundle/modules.pack');
    const text = readFileSync(file, 'latin1');
    const start = 8 + Number(text.slice(0, 8));
    const ends: readonly number[] = JSON.parse(text.slice(8, start));
    const names = ends.map((_, place) => text.slice(start + (ends[place - 1] ?? 0)).split('\n', 1)[0]);
    const pack = new ModulePack(file, { require: createRequire(file), compiled: new Map() });
    const exported = names.flatMap((name, place) => {
      const exports = Object(pack.load(place));
      return Object.getOwnPropertyNames(exports).map(
        (key) => [`${name} ${key}`, typeof exports[key]] as const,
      );
    });
    expect(exported.filter(([, type]) => type === 'undefined')).toEqual([]);
    expect(exported).toContainEqual(['src/cli/index.ts main', 'function']);
    expect(exported).toContainEqual(['src/repo/index.ts openRepository', 'function']);
  });

  it.each([
    ['torn', (file: string): void => writeFileSync(file, 'rubbish')],
    ['writable by others', (file: string): void => chmodSync(file, 0o666)],
  ])('compiles anew where the kept code is %s', (_, spoil) => {
    run(['get', 'a.yaml#name']);
    const file = join(cacheFolder(), kept()[0] ?? '');
    const { ino } = statSync(file);
    spoil(file);
    expect(run(['get', 'a.yaml#name'])).toEqual([0, 'Zoë\n', '']);
    expect(statSync(file).ino).not.toBe(ino);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['CFG_NO_CACHE is set', { CFG_NO_CACHE: '1' }],
    ['there is no home', { HOME: '', XDG_CACHE_HOME: '' }],
    ['the folder cannot be made', { XDG_CACHE_HOME: '/dev/null' }],
  ])('works without a cache where %s', (_, env) => {
    expect(run(['get', 'a.yaml#name'], env)).toEqual([0, 'Zoë\n', '']);
    expect(kept()).toEqual([]);
  });
});
