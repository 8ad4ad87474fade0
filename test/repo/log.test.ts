import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { log } from '../../src/repo/log.js';
import type { LogOptions } from '../../src/repo/repository.js';
import { firstDate, GitRepo } from './git-repo.js';

const oids = async (repo: GitRepo, options: LogOptions = {}): Promise<readonly string[]> =>
  (await log(await repo.context(), options)).commits.map(({ commit }) => commit);

const messages = async (repo: GitRepo, options: LogOptions): Promise<readonly string[]> =>
  (await log(await repo.context(), options)).commits.map(({ message }) => message);

/** Two branches that touched the same and different files, merged. */
function branched(): GitRepo {
  const repo = new GitRepo(afterAll);
  repo.commit(
    { 'a.yaml': 'k: 1\n', 'dir/b.yaml': 'x: 1\n', 'dir/deep/c.yaml': 'y: 1\n' },
    { message: 'root' },
  );
  repo.git('switch', '-q', '-c', 'topic');
  repo.commit({ 'dir/b.yaml': 'x: 2\n' }, { message: 'topic b' });
  repo.commit({ 'dir/deep/c.yaml': 'y: 2\n' }, { message: 'topic c' });
  repo.git('switch', '-q', 'main');
  repo.commit({ 'a.yaml': 'k: 2\n' }, { message: 'main a' });
  repo.merge('topic');
  repo.commit({ 'a.yaml': 'k: 3\n', 'dir/b.yaml': null }, { message: 'last' });
  return repo;
}

describe('log', () => {
  it('answers with all that is known of a commit', async () => {
    const repo = new GitRepo();
    const first = repo.commit({ 'a.yaml': 'k: 1\n' }, { message: 'first\n\nbody', author: 'Çağ <c@x.org>' });
    repo.git('tag', 'light');
    repo.git('tag', '-a', '-m', 'm', 'v1.0.0');
    const second = repo.commit({ 'a.yaml': 'k: 2\n' });
    expect(await log(await repo.context())).toEqual({
      commits: [
        {
          commit: second,
          parents: [first],
          author: { name: 'Author', email: 'author@example.com', date: '2023-11-15T00:14:20+02:00' },
          message: 'change',
          tags: [],
        },
        {
          commit: first,
          parents: [],
          author: { name: 'Çağ', email: 'c@x.org', date: '2023-11-15T00:13:20+02:00' },
          message: 'first\n\nbody',
          tags: ['light', 'v1.0.0'],
        },
      ],
    });
  });

  it('takes a pattern that is no regular expression for plain text', async () => {
    const repo = new GitRepo();
    repo.commit({ a: '1' }, { message: 'fix (a+b' });
    expect(await messages(repo, { grep: '(a+b' })).toEqual(['fix (a+b']);
  });

  it('shows a date that cannot be as that of 1970', async () => {
    const repo = new GitRepo();
    const tree = repo.git('mktree', '--missing');
    const people = 'author Author <a@x.org> 99999999999999999 +0000\ncommitter Author <a@x.org> 1 +9999\n';
    repo.write({ odd: `tree ${tree}\n${people}\nodd\n` });
    const oid = repo.git('hash-object', '-w', '-t', 'commit', '--literally', 'odd');
    const { commits } = await log(await repo.context(), { revision: oid });
    expect(commits).toMatchObject([{ author: { name: 'Author', date: '1970-01-01T00:00:00Z' } }]);
  });

  it('is empty before the first commit', async () => {
    expect(await log(await new GitRepo().context())).toEqual({ commits: [] });
  });
});

describe('log beside git', () => {
  let repo: GitRepo;
  beforeAll(() => {
    repo = branched();
  });

  it.each<[string, LogOptions, readonly string[]]>([
    ['everything', {}, []],
    ['a revision', { revision: 'topic' }, ['topic']],
    ['a range', { revision: 'main~1^1..main' }, ['main~1^1..main']],
    ['a range with HEAD left out', { revision: 'topic..' }, ['topic..']],
    ['both sides of a fork', { revision: 'topic...main~2' }, ['topic...main~2']],
    ['a file', { addresses: ['a.yaml'] }, ['--', 'a.yaml']],
    ['a file that is gone', { addresses: ['dir/b.yaml'] }, ['--', 'dir/b.yaml']],
    ['a folder', { addresses: ['dir'] }, ['--', 'dir']],
    ['a folder with a slash', { addresses: ['dir/deep/'] }, ['--', 'dir/deep']],
    ['several paths', { addresses: ['a.yaml', 'dir/deep'] }, ['--', 'a.yaml', 'dir/deep']],
    ['a file of a revision', { revision: 'main~1', addresses: ['a.yaml'] }, ['main~1', '--', 'a.yaml']],
    ['a file at a revision', { addresses: ['main~1:a.yaml'] }, ['main~1', '--', 'a.yaml']],
    ['a file in a range', { revision: 'topic..main', addresses: ['dir'] }, ['topic..main', '--', 'dir']],
    ['a number', { limit: 2 }, ['-n', '2']],
    ['none', { limit: 0 }, ['-n', '0']],
    ['a message', { grep: 'TOPIC [bc]' }, ['-i', '--grep', 'TOPIC [bc]']],
    ['an author', { author: 'AUTHOR@' }, ['-i', '--author', 'AUTHOR@']],
    ['another author', { author: 'reviewer' }, ['-i', '--author', 'reviewer']],
    [
      'dates',
      { since: `@${firstDate + 60}`, until: `@${firstDate + 180}` },
      [`--since=${firstDate + 60}`, `--until=${firstDate + 180}`],
    ],
  ])('lists %s as git does', async (_, options, args) => {
    expect(await oids(repo, options)).toEqual(repo.lines('log', '--format=%H', ...args));
  });

  it('finds the commits of random histories that git finds, in its order', async () => {
    const file = fc.constantFrom('a.yaml', 'd/b.yaml', 'd/e/c.yaml');
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('commit'),
        file,
        content: fc.nat(2),
        date: fc.integer({ min: -3, max: 3 }),
      }),
      fc.record({ kind: fc.constantFrom('branch', 'merge'), content: fc.nat(2) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 14 }), async (steps) => {
        const random = new GitRepo();
        random.commit({ 'a.yaml': '0\n' });
        for (const [at, one] of steps.entries()) apply(random, one, at);
        for (const paths of [['a.yaml'], ['d'], ['d/b.yaml', 'd/e']]) {
          const expected = random.lines('log', '--format=%H', '--', ...paths);
          const found = await oids(random, { addresses: paths }).catch(() => []);
          expect(found).toEqual(expected);
        }
        expect(await oids(random)).toEqual(random.lines('log', '--format=%H'));
      }),
      { numRuns: 8 },
    );
  });
});

interface Step {
  readonly kind: string;
  readonly content: number;
  readonly file?: string;
  readonly date?: number;
}

/** One step of a random history. Branches are b0, b1, b2; merges take theirs, ours, or stop at what is there. */
function apply(repo: GitRepo, { kind, content, file = 'a.yaml', date = 0 }: Step, at: number): void {
  const branch = `b${content}`;
  if (kind === 'commit') repo.commit({ [file]: `${content}\n` }, { date: firstDate + at * 60 + date * 60 });
  else if (kind === 'branch') repo.git('switch', '-q', '-C', `b${content}`);
  else if (repo.lines('branch', '--list', branch).length > 0) repo.merge(branch, '-X', 'theirs');
}

/** Two keys, far enough apart for git to merge changes of both. */
const twoKeys = (a: number, b: number): string => `a: ${a}\n\n\n\n\n\nb: ${b}\n`;
const hosts = (port: number): string => `{"hosts": [{"name": "a", "port": ${port}}]}\n`;

describe('log of a key', () => {
  it('lists the commits that changed its value, each with the value before and after', async () => {
    const repo = new GitRepo();
    const added = repo.commit({ 'a.yaml': 'db:\n  max: 1\n' });
    repo.commit({ 'a.yaml': '# comment\ndb:\n  max: 1\n  min: 0\n' });
    const changed = repo.commit({ 'a.yaml': 'db: {max: 2, min: 0}\n' });
    repo.commit({ 'other.yaml': 'x: 1\n' });
    const removed = repo.commit({ 'a.yaml': 'db: {min: 0}\n' });
    const { commits } = await log(await repo.context(), { addresses: ['a.yaml#db.max'] });
    expect(commits).toMatchObject([
      { commit: removed, before: 2 },
      { commit: changed, before: 1, after: 2 },
      { commit: added, after: 1 },
    ]);
    expect(commits[0]).not.toHaveProperty('after');
    expect(commits[2]).not.toHaveProperty('before');
  });

  it('shows numbers as written where only that changed', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'v: 1.10\n' });
    repo.commit({ 'a.yaml': 'v: 1.1\n' });
    const { commits } = await log(await repo.context(), { addresses: ['a.yaml#v'] });
    expect(commits).toMatchObject([{ before: '1.10', after: '1.1' }, { after: 1.1 }]);
  });

  it('follows the side of a merge that the value came from', async () => {
    const repo = new GitRepo();
    const root = repo.commit({ 'a.yaml': twoKeys(1, 1) });
    repo.git('switch', '-q', '-c', 'topic');
    const topic = repo.commit({ 'a.yaml': twoKeys(1, 2) });
    repo.git('switch', '-q', 'main');
    const main = repo.commit({ 'a.yaml': twoKeys(2, 1) });
    repo.merge('topic');
    expect(await oids(repo, { addresses: ['a.yaml#b'] })).toEqual([topic, root]);
    expect(await oids(repo, { addresses: ['a.yaml#a'] })).toEqual([main, root]);
  });

  it('lists a merge whose value is that of no parent', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    repo.git('switch', '-q', '-c', 'topic');
    repo.commit({ 'a.yaml': 'k: 2\n' });
    repo.git('switch', '-q', 'main');
    repo.commit({ 'a.yaml': 'k: 3\n' });
    expect(() => repo.merge('topic')).toThrow('Command failed');
    const merge = repo.commit({ 'a.yaml': 'k: 4\n' });
    const { commits } = await log(await repo.context(), { addresses: ['a.yaml#k'] });
    expect(commits).toHaveLength(4);
    expect(commits[0]).toMatchObject({ commit: merge, before: 3, after: 4 });
  });

  it('finds an item of a list by its identity wherever it stands', async () => {
    const repo = new GitRepo();
    const first = repo.commit({ 'a.yaml': '- {name: a, v: 1}\n- {name: b, v: 1}\n' });
    repo.commit({ 'a.yaml': '- {name: b, v: 1}\n- {name: a, v: 1}\n' });
    expect(await oids(repo, { addresses: ['a.yaml#[name=a].v'] })).toEqual([first]);
  });

  it('takes a version that does not parse for one without the key', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    repo.commit({ 'a.yaml': 'k: [\n' });
    repo.commit({ 'a.yaml': 'k: 1\n' });
    const { commits } = await log(await repo.context(), { addresses: ['a.yaml#k'] });
    expect(commits).toMatchObject([{ after: 1 }, { before: 1 }, { after: 1 }]);
  });

  it.each<[string, LogOptions, readonly string[]]>([
    ['one key', { key: 'db.max' }, ['subtree', 'max', 'root']],
    ['one step', { key: 'db.*' }, ['subtree', 'max', 'root']],
    ['any depth', { key: '**.port' }, ['item', 'root']],
    ['a key and what is below it', { key: 'db' }, ['subtree', 'max', 'root']],
    ['a file', { key: '**.port', addresses: ['b.json'] }, ['item', 'root']],
    ['another file', { key: '**.port', addresses: ['a.yaml'] }, []],
    ['no key', { key: 'nothing' }, []],
  ])('with a glob over keys: %s', async (_, options, expected) => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'db: {max: 1}\n', 'b.json': hosts(1), 'c.txt': 'x\n' }, { message: 'root' });
    repo.commit({ 'c.txt': 'y\n' }, { message: 'plain text' });
    repo.commit({ 'a.yaml': 'db: {max: 2}\n' }, { message: 'max' });
    repo.commit({ 'b.json': hosts(2) }, { message: 'item' });
    repo.commit({ 'a.yaml': 'x: 1\n' }, { message: 'subtree' });
    expect(await messages(repo, options)).toEqual(expected);
  });

  it.each([
    ['a.ymal', 'E_FILE_NOT_FOUND', "no commit has the file 'a.ymal'", "did you mean 'a.yaml'?"],
    [
      'a.yaml#db.mx',
      'E_KEY_NOT_FOUND',
      "no commit has the key 'db.mx' in 'a.yaml'",
      'see its keys with: cfg get a.yaml',
    ],
  ])('refuses %s, which never was', async (address, code, message, hint) => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'db: {max: 1}\n' });
    await expect(log(await repo.context(), { addresses: [address] })).rejects.toMatchObject({
      code,
      message,
      hint,
    });
  });

  it.each<[LogOptions, string]>([
    [{ addresses: ['a.yaml#k'], key: 'x' }, 'E_USAGE'],
    [{ addresses: ['main:a.yaml', 'main~0:a.yaml'] }, 'E_USAGE'],
    [{ revision: 'main....main' }, 'E_USAGE'],
    [{ revision: 'nothing' }, 'E_REVISION_NOT_FOUND'],
    [{ since: 'someday' }, 'E_USAGE'],
    [{ addresses: ['../a.yaml'] }, 'E_BAD_PATH'],
  ])('refuses %j with %s', async (options, code) => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    await expect(log(await repo.context(), options)).rejects.toMatchObject({ code });
  });
});
