import { describe, expect, it } from 'vitest';
import { isConfigError, memoryStore, openRepository, type BatchCommit } from '../../src/index.js';
import { change, repositoryWith, requireSound } from './sandbox.js';

const author = 'Ann <ann@example.com>';
const set = (path: string, key: string, value: number): BatchCommit => ({
  message: `${path} ${key}`,
  changes: [{ path, set: { [key]: value } }],
});

describe('batch', () => {
  it('makes a commit each in one pack, takes the worktree along, and keeps other local changes', async () => {
    const box = repositoryWith({ 'a.yaml': '# top\na: 0 # keep\n', 'b.yaml': 'b: 0\n', 'gone.txt': 'x\n' });
    box.write('b.yaml', 'b: local\n');
    const commits: BatchCommit[] = Array.from({ length: 120 }, (_, at) => set('a.yaml', 'a', at));
    const answer = await (
      await box.open()
    ).batch('main', [
      ...commits,
      { message: 'new', author, changes: [{ path: 'n/new.json', content: '{"x": 1}\n', mode: '100755' }] },
      { message: 'gone', changes: [{ path: 'gone.txt', delete: true }] },
    ]);
    expect(answer).toMatchObject({ branch: 'main', commits: 121, changes: 122, files: 3, unchanged: 1 });
    expect(box.git('rev-list', '--count', 'main').trim()).toBe('122');
    expect(box.git('rev-parse', 'main').trim()).toBe(answer.commit);
    expect(box.git('log', '-2', '--format=%an %s')).toBe('Author gone\nAnn new\n');
    expect(box.read('a.yaml')).toBe('# top\na: 119 # keep\n');
    expect(box.git('status', '--porcelain')).toBe(' M b.yaml\n');
    expect(box.git('count-objects', '-v')).toContain('packs: 1');
    requireSound(box);
  });

  it('changes what the commit before left, however it was left', async () => {
    const repo = await openRepository(memoryStore());
    await repo.batch(
      'main',
      [
        { message: 'one', changes: [{ path: 'a.yaml', content: 'a: 1\n' }] },
        {
          message: 'two',
          changes: [
            { path: 'a.yaml', set: { 'b.c': 2 } },
            { path: 'a.yaml', unset: ['a'] },
          ],
        },
        {
          message: 'three',
          changes: [
            { path: 'a.yaml', delete: true },
            { path: 'a.yaml/x.ini', content: 'k=1\n' },
          ],
        },
      ],
      { author },
    );
    expect((await repo.show('main~1:a.yaml#b.c')).valueOf()).toEqual({ value: 2 });
    expect((await repo.show('main:a.yaml/x.ini#k')).valueOf()).toEqual({ value: '1' });
  });

  const rules = 'version: 1\nbranches:\n  main: { protection: standard }\n';
  const schema = '{"properties": {"a": {"maximum": 5}}}\n';
  const checked = 'version: 1\nschemas:\n  - {files: "*.yaml", schema: s.json}\n';

  it.each<[string, Record<string, string>, readonly BatchCommit[], object]>([
    ['nothing changed', { 'a.yaml': 'a: 1\n' }, [set('a.yaml', 'a', 1)], { code: 'E_NOTHING_TO_DO' }],
    [
      'a key is not there',
      {},
      [{ message: 'm', changes: [{ path: 'a.yaml', unset: ['q'] }] }],
      { details: { change: 2 } },
    ],
    [
      'a file does not parse',
      {},
      [{ message: 'm', changes: [{ path: 'a.yaml', content: 'a: [' }] }],
      { code: 'E_GATE' },
    ],
    ['a path leads out', {}, [set('../a.yaml', 'a', 1)], { code: 'E_BAD_PATH' }],
    ['the branch takes merges only', { 'cfg.yaml': rules }, [], { code: 'E_PROTECTED' }],
    [
      'a commit of the batch protects the branch',
      {},
      [{ message: 'm', changes: [{ path: 'cfg.yaml', content: rules }] }, set('a.yaml', 'a', 9)],
      { code: 'E_PROTECTED' },
    ],
    [
      'a schema is not satisfied',
      { 'cfg.yaml': checked, 's.json': schema },
      [set('a.yaml', 'a', 6)],
      { code: 'E_GATE' },
    ],
    [
      'a schema that the batch changed is not satisfied',
      { 'cfg.yaml': checked, 's.json': '{}\n' },
      [
        set('a.yaml', 'a', 6),
        { message: 'm', changes: [{ path: 's.json', content: schema }] },
        set('a.yaml', 'a', 7),
      ],
      { code: 'E_GATE', details: { change: 4 } },
    ],
  ])('refuses everything where %s', async (_, files, commits, error) => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n', ...files });
    const before = box.git('rev-parse', 'main');
    const all = [...(commits.length === 1 && 'details' in error ? [set('a.yaml', 'a', 3)] : []), ...commits];
    const first =
      all.length === 0 || ('details' in error && commits.length > 1) ? [set('a.yaml', 'a', 3)] : [];
    const repo = await box.open();
    await expect(repo.batch('main', [...first, ...all])).rejects.toMatchObject(error);
    expect(box.git('rev-parse', 'main')).toBe(before);
    expect(box.git('status', '--porcelain')).toBe('');
    expect(box.git('count-objects').split(' ')[0]).toBe(
      box.git('rev-list', '--objects', '--all').split('\n').length - 1 + '',
    );
  });

  it.each([
    ['a.yaml', 'made', ['b.yaml b', 'theirs']],
    ['b.yaml', 'E_CONFLICT', ['theirs', 'first']],
  ])('begins anew after another writer of %s: %s', async (theirs, outcome, subjects) => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' });
    box.git('branch', 'work');
    change(box, { [theirs]: 'x: 1\n' }, 'theirs');
    const onProgress = (): void => void box.git('update-ref', 'refs/heads/work', 'main');
    const repo = await box.open();
    const done = repo.batch('work', [set('b.yaml', 'b', 2)], { onProgress }).then(
      () => 'made',
      (error: unknown) => (isConfigError(error) ? error.code : error),
    );
    expect(await done).toBe(outcome);
    expect(box.git('log', '--format=%s', 'work').split('\n').slice(0, 2)).toEqual(subjects);
  });

  it('refuses a branch that is not where it is expected', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    const expected = '1'.repeat(40);
    await expect(
      (await box.open()).batch('main', [set('a.yaml', 'a', 2)], { expect: expected }),
    ).rejects.toMatchObject({ code: 'E_STALE' });
  });
});
