import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, run, shell } from './command-line.js';
import { shellWords } from './shell-words.js';

const settings = `version: 1
branches:
  main: { protection: standard }
  kept: { protection: basic }
  release/*: { protection: strict, approvals: 0 }
stacks:
  app: { layers: [a.yaml] }
`;
const keys = `db: { max: 1 }
labels:
  app.kubernetes.io/name: shop
  "a\\"b": 2
containers:
  - name: web
    image: web:1
  - { name: db, image: "db:1" }
`;

let cwd = '';

/** On branch `work`, beside `main` (standard), `kept` (basic) and `release/1` (strict); v1.2.0 is the first commit, v1.2.3 the second. */
beforeAll(async () => {
  cwd = emptyFolder();
  mkdirSync(join(cwd, 'sub'));
  const write = (path: string, text: string): void => writeFileSync(join(cwd, path), text);
  write('cfg.yaml', settings);
  write('a.yaml', keys);
  write('m.yaml', 'spec: {a: 1}\n---\nspec: {a: 2}\n');
  await cfg(
    'init -q',
    'add -A -q',
    'commit -q -m first',
    'tag -q 1.2.0',
    'branch -q kept',
    'branch -q release/1',
  );
  await cfg('switch -q -c work', 'set -q a.yaml#db.max 2', 'commit -q -a -m second', 'tag -q 1.2.3');
  await cfg('set -q a.yaml#db.max 3', 'commit -q -a -m third', 'tag -q 2.0.0-rc.1');
});

async function cfg(...lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    const { code, stderr } = await run(shellWords(line), { cwd });
    expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: '' });
  }
}

describe('addresses and key paths', () => {
  it.each([
    ['a.yaml#db.max', '3'],
    ['a.yaml#/db/max', '3'],
    [`'a.yaml#labels."app.kubernetes.io/name"'`, 'shop'],
    ['a.yaml#/labels/app.kubernetes.io~1name', 'shop'],
    [`'a.yaml#labels."a\\"b"'`, '2'],
    ['a.yaml#containers[name=db].image', 'db:1'],
    ['a.yaml#containers[0].image', 'web:1'],
    ['m.yaml#[1].spec.a', '2'],
    ['m.yaml#/0/spec/a', '1'],
    ['HEAD~2:a.yaml#db.max', '1'],
    ['v1.2.0:a.yaml#db.max', '1'],
    ['^1.2:a.yaml#db.max', '2'],
    ['work@{1}:a.yaml#db.max', '2'],
    ['db.max --stack app', '3'],
    ['/db/max --stack app --rev ^1.2', '2'],
  ])('get %s', async (words, value) => {
    const { code, stdout, stderr } = await run(['get', ...shellWords(words)], { cwd });
    expect([code, stdout, stderr]).toEqual([0, `${value}\n`, '']);
  });

  it('take a short id', async () => {
    const id = shell('git rev-parse --short HEAD~1', { cwd }).stdout.trim();
    expect(await run(['get', `${id}:a.yaml#db.max`], { cwd })).toMatchObject({ stdout: '2\n' });
  });

  it.each([['a.yaml'], ['a.yaml#']])('an empty key path is the whole document: %s', async (address) => {
    const { stdout } = await run(['get', address, '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ value: { db: { max: 3 } } });
  });
});

/** Every way to fail: the exit code, and the code that programs test. */
const failures: readonly (readonly [line: string, exit: number, code: string])[] = [
  ['get a.yaml#nope', 1, 'E_KEY_NOT_FOUND'],
  ['get nope.yaml', 1, 'E_FILE_NOT_FOUND'],
  ['explain nope', 1, 'E_KEY_NOT_FOUND'],
  ['commit -m nothing', 1, 'E_NOTHING_TO_DO'],
  ['merge --continue', 1, 'E_NOTHING_TO_DO'],
  ['resolve a.yaml --ours', 1, 'E_NOTHING_TO_DO'],
  ['nope', 2, 'E_USAGE'],
  ['get', 2, 'E_USAGE'],
  ['get a.yaml b.yaml', 2, 'E_USAGE'],
  ['status --nope', 2, 'E_USAGE'],
  ['get a.yaml#a..b', 2, 'E_BAD_PATH'],
  ['get ../a.yaml', 2, 'E_BAD_PATH'],
  ['tag 1.2', 2, 'E_BAD_VERSION'],
  ['branch a..b', 2, 'E_BAD_REF_NAME'],
  ['merge main --strategy custom', 2, 'E_USAGE'],
  ['load nope', 2, 'E_USAGE'],
  ['tag 1.2.0', 3, 'E_EXISTS'],
  ['branch kept', 3, 'E_EXISTS'],
  ['branch -d kept', 3, 'E_PROTECTED'],
  ['branch -m kept other', 3, 'E_PROTECTED'],
  ['merge nope', 4, 'E_REVISION_NOT_FOUND'],
  ['-C / status', 4, 'E_NOT_A_REPOSITORY'],
  ['-C /nope status', 4, 'E_IO'],
  ['apply nope.jsonl', 4, 'E_IO'],
];

describe.each(failures)('cfg %s', (line, exit, code) => {
  it(`exits with ${exit}, and says why and what to do in a line each`, async () => {
    const { code: actual, stdout, stderr } = await run(shellWords(line), { cwd });
    expect([actual, stdout]).toEqual([exit, '']);
    expect(stderr).toMatch(/^error: .+\nhint: .+\n$/);
  });

  it.each([
    ['before', `--json ${line}`],
    ['after', `${line} --json`],
  ])(`is one JSON document with --json %s it`, async (_, typed) => {
    const { code: actual, stdout, stderr } = await run(shellWords(typed), { cwd });
    expect([actual, stdout]).toEqual([exit, '']);
    expect(stderr).toMatch(/^\{"error":\{"code":.*,"message":.*,"hint":".+","details":\{.*\}\}\}\n$/);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code } });
  });
});

describe('the validation gate', () => {
  it.each([['commit -m bad'], ['commit -m bad bad.yaml'], ['apply bad.jsonl -m bad']])(
    'refuses with 3: %s',
    async (line) => {
      const dir = emptyFolder();
      await run(['init', '-q'], { cwd: dir });
      writeFileSync(join(dir, 'bad.yaml'), 'a: [\n');
      writeFileSync(join(dir, 'bad.jsonl'), '{"write": "new.yaml", "content": "a: ["}\n');
      await run(['add', '-q', 'bad.yaml'], { cwd: dir });
      const { code, stdout, stderr } = await run(['--json', ...shellWords(line)], { cwd: dir });
      expect([code, stdout]).toEqual([3, '']);
      expect(JSON.parse(stderr)).toMatchObject({
        error: { code: 'E_GATE', details: { problems: [{ rule: 'syntax' }] } },
      });
    },
  );
});

describe('global options', () => {
  it.each([['-C sub status'], ['status -C sub'], ['-q status --no-color'], ['--no-color -q status']])(
    'stand before or after the command: %s',
    async (line) => {
      expect(await run(shellWords(line), { cwd })).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it('--no-color and NO_COLOR turn colour off', async () => {
    const escape = '\u001b[';
    const shown = async (argv: readonly string[], env = {}): Promise<boolean> =>
      (await run(argv, { cwd, env, columns: 80 })).stdout.includes(escape);
    expect(await shown(['log'])).toBe(true);
    expect(await shown(['log', '--no-color'])).toBe(false);
    expect(await shown(['--no-color', 'log'])).toBe(false);
    expect(await shown(['log'], { NO_COLOR: '1' })).toBe(false);
  });
});

describe('protection', () => {
  it.each([
    ['main', 'commit -a -m no', "branch 'main' is protected (standard): it takes merges only"],
    ['main', 'commit -a -m no --no-verify', "branch 'main' is protected (standard): it takes merges only"],
    ['release/1', 'commit -a -m no', "branch 'release/1' is protected (strict, by the rule 'release/*')"],
    ['main', 'rollback v1.2.3', "branch 'main' is protected (standard): it takes merges only"],
    [
      'main',
      'merge work --ff-only',
      "branch 'main' is protected (standard): each step of it is a merge commit",
    ],
  ])('%s refuses %s', async (branch, line, message) => {
    await cfg(`switch -q ${branch}`, 'set -q a.yaml#db.max 9');
    if (!line.startsWith('commit')) await cfg('restore -q a.yaml');
    const { code, stderr } = await run(shellWords(line), { cwd });
    await cfg('restore -q .', 'switch -q work');
    expect(code).toBe(3);
    expect(stderr).toContain(`error: ${message}`);
    expect(stderr).toMatch(/\nhint: .+\n$/);
  });

  it.each(['main', 'release/1'])('a merge into %s makes a merge commit, and git agrees', async (branch) => {
    await cfg(`switch -q ${branch}`, 'merge -q work', `verify ${branch}`, 'switch -q work');
    expect(shell(`git rev-list --parents -n 1 ${branch}`, { cwd }).stdout.split(' ')).toHaveLength(3);
    expect(shell('git fsck --strict && git status --porcelain', { cwd })).toMatchObject({
      code: 0,
      stdout: '',
    });
  });
});
