import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blame } from '../../src/repo/blame.js';
import { log } from '../../src/repo/log.js';
import type { LogOptions } from '../../src/repo/repository.js';
import type { BlameAnswer, LogAnswer } from '../../src/repo/types.js';
import { GitRepo } from './git-repo.js';

const subjects = async (repo: GitRepo, options: LogOptions): Promise<readonly string[]> =>
  (await log(await repo.context(), options)).commits.map(({ message }) => message);

const text = (n: number): string => `name: service\nlist: [a, b]\ndb:\n  host: one\n  max: ${n}\n  min: 0\n`;

/** `old.yaml` becomes `new.yaml`, changed a little on the way, and is changed on both sides of a merge. */
function renamed(): GitRepo {
  const repo = new GitRepo();
  repo.commit({ 'old.yaml': text(1), 'other.yaml': 'x: 1\n' }, { message: 'root' });
  repo.commit({ 'old.yaml': text(2) }, { message: 'two' });
  repo.commit({ 'other.yaml': 'x: 2\n' }, { message: 'other' });
  repo.commit({ 'old.yaml': null, 'new.yaml': text(2).replace('one', 'two') }, { message: 'rename' });
  repo.git('switch', '-q', '-c', 'side');
  repo.commit({ 'new.yaml': text(3).replace('one', 'two') }, { message: 'three' });
  repo.git('switch', '-q', 'main');
  repo.commit({ 'other.yaml': 'x: 3\n' }, { message: 'other again' });
  repo.merge('side');
  return repo;
}

describe('the history of a renamed file', () => {
  it('goes on under the old name, as git log --follow', async () => {
    const repo = renamed();
    const followed = repo.lines('log', '--follow', '--format=%s', 'new.yaml');
    expect(await subjects(repo, { addresses: ['new.yaml'] })).toEqual(followed);
    expect(followed).toEqual(['three', 'rename', 'two', 'root']);
  });

  it.each([
    ['new.yaml#db.max', ['three', 'two', 'root']],
    ['new.yaml#db.host', ['rename', 'root']],
    ['new.yaml#name', ['root']],
    ['old.yaml#db.max', ['rename', 'two', 'root']],
  ])('of %s lists what changed the value', async (address, expected) => {
    expect(await subjects(renamed(), { addresses: [address] })).toEqual(expected);
  });

  it('has the values before and after', async () => {
    const { commits } = await log(await renamed().context(), { addresses: ['new.yaml#db.host'] });
    expect(commits).toMatchObject([{ before: 'one', after: 'two' }, { after: 'one' }]);
    expect(commits[1]).not.toHaveProperty('before');
  });

  it('lets blame find who set a value before the rename', async () => {
    const repo = renamed();
    const { keys } = await blame(await repo.context(), 'new.yaml');
    const message = (commit: string | null): string => repo.git('log', '-1', '--format=%s', commit ?? '');
    expect(keys.map(({ path, commit }) => [path, message(commit)])).toEqual([
      ['name', 'root'],
      ['list[0]', 'root'],
      ['list[1]', 'root'],
      ['db.host', 'rename'],
      ['db.max', 'three'],
      ['db.min', 'root'],
    ]);
  });

  it('of a glob goes on as well', async () => {
    expect(await subjects(renamed(), { addresses: ['new.yaml'], key: 'db.*' })).toEqual([
      'three',
      'rename',
      'two',
      'root',
    ]);
  });

  it.each([
    ['db.max', ['three', 'two', 'root']],
    ['db.host', ['rename', 'root']],
  ])('is that of the keys of all files which match %s', async (key, expected) => {
    const repo = renamed();
    repo.commit(
      { 'new.yaml': null, 'a/moved.yaml': repo.git('show', 'main:new.yaml') },
      { message: 'moved' },
    );
    expect(await subjects(repo, { key })).toEqual(expected);
  });
});

describe('--first-parent', () => {
  it.each<[string, LogOptions, readonly string[]]>([
    ['everything', {}, ['--first-parent']],
    ['a file', { addresses: ['new.yaml'] }, ['--first-parent', '--follow', '--', 'new.yaml']],
    ['a range', { revision: 'main~1..main' }, ['--first-parent', 'main~1..main']],
  ])('lists %s as git does', async (_, options, args) => {
    const repo = renamed();
    const expected = repo.lines('log', '--format=%s', ...args);
    expect(await subjects(repo, { ...options, firstParent: true })).toEqual(expected);
  });
});

/** Enough commits to be kept. */
function long(): GitRepo {
  const repo = new GitRepo();
  for (let at = 0; at < 40; at += 1) repo.commit({ 'a.yaml': text(at >> 1), 'b.yaml': `b: ${at}\n` });
  return repo;
}

describe('the cache', () => {
  const answers = async (repo: GitRepo): Promise<readonly (LogAnswer | BlameAnswer)[]> => [
    await log(await repo.context(), { addresses: ['a.yaml'] }),
    await log(await repo.context(), { addresses: ['a.yaml#db.max'] }),
    await blame(await repo.context(), 'a.yaml'),
  ];
  const folder = (repo: GitRepo): string => join(repo.dir, '.git/cfg/cache');
  const filesIn = (repo: GitRepo): string[] =>
    ['history', 'values']
      .flatMap((part) => readdirSync(join(folder(repo), part)).map((name) => join(part, name)))
      .toSorted();

  it('is made once, and changes no answer, torn, damaged, swapped, of another history or gone', async () => {
    const repo = long();
    const first = await answers(repo);
    const files = filesIn(repo);
    expect(files).toHaveLength(4);
    expect(await answers(repo)).toEqual(first);
    const graph = join('history', 'graph');
    const whole = readFileSync(join(folder(repo), graph));
    const damage: readonly ((path: string) => void)[] = [
      (path) => writeFileSync(path, readFileSync(path).subarray(0, -7)),
      (path) => writeFileSync(path, ''),
      (path) =>
        writeFileSync(
          path,
          readFileSync(path).map((byte, at) => (at === 40 ? byte ^ 1 : byte)),
        ),
      (path) => writeFileSync(path, whole),
      (path) => rmSync(path),
    ];
    for (const name of files)
      for (const harm of damage) {
        harm(join(folder(repo), name));
        expect(await answers(repo)).toEqual(first);
      }
    expect(filesIn(repo)).toEqual(files);
  });

  it('is not believed when another release read the documents in another way', async () => {
    const repo = long();
    const first = await answers(repo);
    const { cache } = (await repo.context()).store;
    const textOf = async (name: string): Promise<string> =>
      Buffer.from((await cache?.read(name)) ?? new Uint8Array()).toString('utf8');
    const values = filesIn(repo).filter((name) => name.startsWith('values'));
    for (const name of values) {
      const old = (await textOf(name)).replaceAll(/\[("[0-9a-f]{40}"),\[.*?\]\]/g, '[$1,["old"]]');
      expect(old).toContain('old');
      await cache?.write(name, Buffer.from(old, 'utf8'));
    }
    expect(await answers(repo)).toEqual(first);
    for (const name of values) expect(await textOf(name)).not.toContain('old');
  });

  it('grows with the history', async () => {
    const repo = long();
    await answers(repo);
    const added = repo.commit({ 'a.yaml': text(99) }, { message: 'more' });
    const [after] = await answers(repo);
    expect(after).toMatchObject({
      commits: expect.arrayContaining([expect.objectContaining({ commit: added })]),
    });
    repo.git('reset', '-q', '--hard', 'HEAD~3');
    const [, , before] = await answers(repo);
    rmSync(join(repo.dir, '.git/cfg'), { recursive: true });
    expect((await answers(repo))[2]).toEqual(before);
  });
});
