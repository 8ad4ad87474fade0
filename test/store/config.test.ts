import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/store/config/parse.js';
import { loadGitConfig, nodeFileSystem, openStore } from '../../src/store/index.js';
import { git, gitWith, newStore, storeEnv, temporaryFolder, tryGit } from './sandbox.js';

const texts = [
  '[a]\n\tb = c\n',
  '[a]\nb=c\n[a "X y"]\nb = 1\n[A.Sub]\nb=2\n',
  '[a]\n\tb = "quoted ; # value"  ; comment\n\tc = a # b\n\td = a\\\n   continued\n',
  '[a]\n b\n c =\n d = ""\n e = "  x  " y  \n',
  '[a]\n b = \\"q\\" \\t\\n\\\\ x\n',
  '[a "sub\\"quote\\\\back"]\n b = 1\n',
  '# c\n; d\n\n[a] b = same line\n[c]d=1\n',
  '\ufeff[a]\r\n\tb = c\r\n\td = e\r\n',
  '[a]\nb = x y   \nb = z\n[a]\nb = last',
  '[Sec "CaseSub"]\nKeyName = V\n',
  '[a]\n b = one "two  three" four\n',
];

const broken = [
  '[a\nb=c\n',
  '[a]\nb = "open\n',
  '[a]\nb = \\q\n',
  '[a]\n1b = c\n',
  '[a]\nb c = d\n',
  '[a "b]\nc=d\n',
  '[a]]\n',
];

/** Name and value of each entry, as `git config --list -z` has them. */
function byGit(path: string): string[] {
  return git('/', 'config', '--file', path, '--list', '-z').split('\0').filter(Boolean);
}

describe('the syntax is that of git', () => {
  it.each(texts)('%j', (text) => {
    const path = join(temporaryFolder(), 'config');
    writeFileSync(path, text);
    const ours = parseConfig(text, path).map(({ name, value }) => `${name}\n${value}`);
    const theirs = byGit(path).map((entry) => (entry.includes('\n') ? entry : `${entry}\ntrue`));
    expect(ours).toEqual(theirs);
  });

  it.each(broken)('%j is refused with its line', (text) => {
    const path = join(temporaryFolder(), 'config');
    writeFileSync(path, text);
    expect(tryGit('/', 'config', '--file', path, '--list').status).not.toBe(0);
    expect(() => parseConfig(text, path)).toThrow(
      expect.objectContaining({ code: 'E_CORRUPT', details: { path, line: expect.any(Number) } }),
    );
  });
});

describe('the files are those of git', () => {
  it('in their order, with includes', async () => {
    const { dir } = await newStore();
    const home = temporaryFolder();
    mkdirSync(join(home, '.config/git'), { recursive: true });
    writeFileSync(join(home, '.config/git/config'), '[user]\n name = xdg\n[x]\n from = xdg\n');
    writeFileSync(
      join(home, '.gitconfig'),
      [
        '[user]\n name = home\n email = home@x\n[include]\n path = more\n path = ~/absent\n',
        `[includeIf "gitdir:${dir}/"]\n path = here\n`,
        '[includeIf "gitdir:/elsewhere/"]\n path = elsewhere\n',
        '[includeIf "onbranch:ma*"]\n path = ~/branch\n',
        `[includeIf "gitdir/i:${dir.toUpperCase()}/**"]\n path = insensitive\n`,
      ].join(''),
    );
    for (const name of ['more', 'here', 'elsewhere', 'branch', 'insensitive'])
      writeFileSync(join(home, name), `[x]\n ${name} = yes\n from = ${name}\n`);
    git(dir, 'config', 'x.local', 'yes');
    const env = { HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
    const { config } = await openStore({ dir, env });
    const names = [
      'user.name',
      'user.email',
      'x.from',
      'x.more',
      'x.here',
      'x.elsewhere',
      'x.branch',
      'x.insensitive',
      'x.local',
    ];
    for (const name of names) {
      const expected = tryGitConfig(dir, home, name);
      expect([name, config.get(name)]).toEqual([name, expected]);
    }
    expect(config.getAll('user.name')).toEqual(['xdg', 'home']);
  });

  it('and variables, which win', async () => {
    const { dir } = await newStore();
    git(dir, 'config', 'a.b', 'file');
    const env = {
      ...storeEnv,
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'A.B',
      GIT_CONFIG_VALUE_0: 'variable',
    };
    const { config } = await openStore({ dir, env });
    expect(config.get('a.b')).toBe('variable');
    expect(config.get('nothing.here')).toBeUndefined();
    await expect(openStore({ dir, env: { ...env, GIT_CONFIG_COUNT: '2' } })).rejects.toMatchObject({
      code: 'E_USAGE',
    });
  });

  it('and of a linked worktree, its own', async () => {
    const { dir } = await newStore();
    git(dir, 'commit', '-q', '--allow-empty', '-m', 'one');
    git(dir, 'config', 'extensions.worktreeConfig', 'true');
    const linked = join(temporaryFolder(), 'linked');
    git(dir, 'worktree', 'add', '-q', linked);
    git(linked, 'config', '--worktree', 'x.y', 'own');
    expect((await openStore({ dir: linked, env: storeEnv })).config.get('x.y')).toBe('own');
    expect((await openStore({ dir, env: storeEnv })).config.get('x.y')).toBeUndefined();
  });

  it('never those of the home that the process has', () => {
    const config = loadGitConfig({ fs: nodeFileSystem, env: { GIT_CONFIG_NOSYSTEM: '1' } });
    expect(config.getAll('user.name')).toEqual([]);
  });

  it('which must not include each other for ever', async () => {
    const { dir } = await newStore();
    git(dir, 'config', 'include.path', 'config');
    await expect(openStore({ dir, env: storeEnv })).rejects.toMatchObject({ code: 'E_CORRUPT' });
  });
});

function tryGitConfig(dir: string, home: string, name: string): string | undefined {
  try {
    return gitWith(
      dir,
      { env: { HOME: home, GIT_CONFIG_GLOBAL: undefined, XDG_CONFIG_HOME: undefined } },
      'config',
      name,
    );
  } catch {
    return undefined;
  }
}
