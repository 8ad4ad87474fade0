import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commit, newWorld } from './world.js';

it('a clone with --depth ends where git ends it, and everything that walks a history stops there', async () => {
  const world = newWorld();
  const { cfg, answer, git, dir } = world;
  const url = `file://${dir}/srv.git`;
  await cfg('', ['clone', '--depth', '1', url, 'own']);
  git('', `clone -q --depth 1 ${url} theirs`);
  expect(git('own', 'rev-parse --is-shallow-repository HEAD')).toBe(
    git('theirs', 'rev-parse --is-shallow-repository HEAD'),
  );
  expect(git('own', 'for-each-ref --format="%(refname)" refs/remotes refs/heads')).toBe(
    git('theirs', 'for-each-ref --format="%(refname)" refs/remotes refs/heads'),
  );
  git('own', 'fsck --strict');
  expect(await answer('own', ['log'])).toMatchObject({ commits: [{ message: 'two' }] });
  expect(await answer('own', ['blame', 'a.yaml'])).toMatchObject({
    keys: [{ path: 'one' }, { path: 'two' }],
  });
  expect(await answer('own', ['fsck'])).toMatchObject({ ok: true });

  // It takes part like any other clone.
  await commit(world, 'own', 'a.yaml#one', '5');
  await cfg('own', ['push']);
  git('', 'clone -q srv.git plain');
  world.write('plain/a.yaml', 'one: 5\ntwo: 7\n');
  git('plain', 'commit -q -a -m plain');
  git('plain', 'push -q');
  await commit(world, 'own', 'b/c.yaml#x', '2');
  expect(await answer('own', ['pull'])).toMatchObject({ merge: { result: 'merged' } });
  expect((await cfg('own', ['gc'])).code).toBe(0);

  await cfg('own', ['fetch', '--unshallow']);
  expect(existsSync(join(dir, 'own/.git/shallow'))).toBe(false);
  git('own', 'fsck --strict --full');
  expect(git('own', 'rev-list --count origin/main')).toBe(git('srv.git', 'rev-list --count main'));
});

it('a clone of a clone with --depth ends at the same commit', async () => {
  const { cfg, git, dir } = newWorld();
  git('', `clone -q --bare --depth 1 file://${dir}/srv.git part.git`);
  await cfg('', ['clone', 'part.git', 'own']);
  expect(git('own', 'rev-parse --is-shallow-repository')).toBe('true');
  git('own', 'fsck --strict');
});

it('--single-branch has one branch, and pull brings another one that is asked for', async () => {
  const { cfg, answer, git } = newWorld();
  await cfg('', ['clone', '--single-branch', '-b', 'feature', 'srv.git', 'own']);
  expect(git('own', 'for-each-ref --format="%(refname)" refs/remotes')).toBe('refs/remotes/origin/feature');
  expect(git('own', 'config remote.origin.fetch')).toBe('+refs/heads/feature:refs/remotes/origin/feature');
  expect(await answer('own', ['pull', 'origin', 'main'])).toMatchObject({
    source: 'origin/main',
    merge: { result: 'up-to-date' },
  });
});

it('--bare has branches as branches, and is a server', async () => {
  const world = newWorld();
  const { cfg, git } = world;
  await cfg('', ['clone', '--bare', 'srv.git', 'own.git']);
  expect(git('own.git', 'for-each-ref')).toBe(git('srv.git', 'for-each-ref'));
  await cfg('', ['clone', 'own.git', 'two']);
  await commit(world, 'two', 'a.yaml#one', '3');
  await cfg('two', ['push']);
  expect(git('own.git', 'show main:a.yaml')).toBe('one: 3\ntwo: 2');
});

it('a tag is checked out without a branch; an empty repository has none yet', async () => {
  const { answer, git, dir } = newWorld();
  expect(await answer('', ['clone', '-b', 'v1.0.0', 'srv.git', 'tag'])).toMatchObject({ branch: null });
  expect(git('tag', 'status --porcelain -b')).toBe('## HEAD (no branch)');
  git('', 'init -q --bare -b trunk empty.git');
  expect(await answer('', ['clone', `file://${dir}/empty.git`, 'new'])).toMatchObject({ commit: null });
});

it('--prune forgets branches that are gone, and makes room for names that were in the way', async () => {
  const { cfg, answer, git } = newWorld();
  await cfg('', ['clone', 'srv.git', 'own']);
  git('srv.git', 'branch -D feature');
  git('srv.git', 'branch feature/a main');
  expect(await answer('own', ['fetch', '--prune'])).toMatchObject({
    fetched: [
      {
        updates: [
          { ref: 'refs/remotes/origin/feature', result: 'deleted', after: null },
          { ref: 'refs/remotes/origin/feature/a', result: 'new', before: null },
        ],
      },
    ],
  });
});

it('remotes are renamed and removed with everything that is about them, and comments stay', async () => {
  const { cfg, git, write } = newWorld();
  await cfg('', ['clone', 'srv.git', 'own']);
  const config = git('own', 'config --list --local');
  write(
    'own/.git/config',
    '# mine\n[core]\n\tbare = false ; so\n[remote "origin"]\n\turl = ../srv.git # here\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n\tfetch = +refs/notes/*:refs/notes/*\n[branch "main"]\n\tremote = origin\n\tmerge = refs/heads/main\n',
  );
  expect(config).toContain('remote.origin.url');
  await cfg('own', ['remote', 'rename', 'origin', 'up']);
  expect(git('own', 'config --get-all remote.up.fetch')).toBe(
    '+refs/heads/*:refs/remotes/up/*\n+refs/notes/*:refs/notes/*',
  );
  expect(git('own', 'for-each-ref --format="%(refname)" refs/remotes')).toBe(
    'refs/remotes/up/HEAD\nrefs/remotes/up/feature\nrefs/remotes/up/main',
  );
  expect(git('own', 'rev-parse --abbrev-ref @{u}')).toBe('up/main');
  expect(git('own', 'show-ref -s up/HEAD')).toBe(git('own', 'show-ref -s up/main'));
  await cfg('own', ['remote', 'set-url', 'up', 'https://me:secret@host/x.git']);
  expect((await cfg('own', ['remote', '-v'])).stdout).toBe('up  https://host/x.git\n');
  await cfg('own', ['remote', 'remove', 'up']);
  expect(git('own', 'for-each-ref refs/remotes')).toBe('');
  expect(git('own', 'config --list --local')).toBe('core.bare=false');
  expect((await cfg('own', ['remote', 'add', 'a..b', 'x'], { code: 2 })).stderr).toContain(
    'is not a name that Git allows',
  );
});

it('a pull can be undone; a conflict waits as after a merge', async () => {
  const world = newWorld();
  const { cfg, answer, git } = world;
  await cfg('', ['clone', 'srv.git', 'one']);
  await cfg('', ['clone', 'srv.git', 'two']);
  await commit(world, 'one', 'a.yaml#one', '5');
  await cfg('one', ['push']);
  const before = git('two', 'rev-parse HEAD');
  await cfg('two', ['pull']);
  await cfg('two', ['undo']);
  expect(git('two', 'rev-parse HEAD')).toBe(before);
  await commit(world, 'two', 'a.yaml#one', '6');
  expect(await answer('two', ['pull'], { code: 1 })).toMatchObject({
    merge: { result: 'conflicts', conflicts: [{ path: 'one' }] },
  });
  expect((await cfg('two', ['pull'], { code: 3 })).stderr).toContain('merge');
  await cfg('two', ['resolve', 'a.yaml#one', '--theirs']);
  await cfg('two', ['merge', '--continue']);
  await cfg('two', ['push']);
  expect(await answer('one', ['pull', '--ff-only'])).toMatchObject({ merge: { result: 'fast-forward' } });
});

it('a rule of insteadOf counts, and a rule that would move branches does not', async () => {
  const { cfg, git, dir } = newWorld();
  await cfg('', ['clone', 'srv.git', 'own']);
  git('own', `config url.${dir}/.insteadOf team:`);
  await cfg('own', ['remote', 'set-url', 'origin', 'team:srv.git']);
  expect((await cfg('own', ['fetch'])).stdout).toBe(`origin (${dir}/srv.git) has nothing new\n`);
  git('own', "config remote.origin.fetch '+refs/heads/*:refs/heads/*'");
  expect((await cfg('own', ['fetch'], { code: 2 })).stderr).toContain('is set up to overwrite branches here');
});
