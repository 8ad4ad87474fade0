import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRepository, type Repository } from '../../src/repo/index.js';
import { memoryStore } from '../../src/store/index.js';
import { change, diverged, repositoryWith, requireSound, type Sandbox } from './sandbox.js';

type Verb = (repo: Repository) => Promise<unknown>;

const gitFiles = [
  'MERGE_HEAD',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'MERGE_MSG',
  'MERGE_MODE',
  'cfg/merge.json',
];

function prepared(box: Sandbox, prepare: (box: Sandbox) => void): Sandbox {
  prepare(box);
  return box;
}

/** What only reflogs lead to goes. */
function forget(box: Sandbox): void {
  box.git('reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all');
  box.git('prune', '--expire=now');
}

/** Everything that undo answers for. */
function snapshot(box: Sandbox): Record<string, unknown> {
  const files = readdirSync(box.dir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path !== '.git' && !path.startsWith('.git/'))
    .filter((path) => statSync(join(box.dir, path)).isFile())
    .toSorted();
  return {
    head: readFileSync(join(box.dir, '.git/HEAD'), 'utf8'),
    refs: box
      .git('for-each-ref', '--format=%(refname) %(objectname)')
      .split('\n')
      .filter((line) => !line.startsWith('refs/cfg/ops/')),
    index: box.git('ls-files', '-s'),
    files: files.map((path) => [path, statSync(join(box.dir, path)).mode, box.read(path)]),
    merge: gitFiles.map((name) => (existsSync(`${box.dir}/.git/${name}`) ? box.read(`.git/${name}`) : null)),
  };
}

/** `main` and `feature` disagree about `a` in `a.yaml`; `b.yaml` has an edit, `c.yaml` a staged one with another on top, `new.yaml` is new. */
function dirty(): Sandbox {
  const files = { 'a.yaml': 'a: 1\nx: 1\n', 'b.yaml': 'b: 1\n', 'c.yaml': 'c: 1\n' };
  const box = diverged(files, { 'a.yaml': 'a: 2\nx: 1\n' }, { 'a.yaml': 'a: 3\nx: 1\n', 'd.yaml': 'd: 1\n' });
  box.git('branch', 'easy', 'main~1');
  box.write('c.yaml', 'c: 2\n');
  box.git('add', 'c.yaml');
  box.write('c.yaml', 'c: 3\n');
  box.write('b.yaml', 'b: 2\n');
  box.write('new.yaml', 'n: 1\n');
  return box;
}

/** The same with nothing but committed files. */
function clean(): Sandbox {
  const box = dirty();
  box.git('add', '-A');
  box.git('commit', '-q', '-m', 'clean');
  return box;
}

async function conflicted(): Promise<Sandbox> {
  const box = clean();
  expect((await (await box.open()).merge('feature')).result).toBe('conflicts');
  return box;
}

const verbs: readonly (readonly [name: string, box: () => Sandbox | Promise<Sandbox>, run: Verb])[] = [
  ['add', dirty, (repo) => repo.add('all')],
  ['add of one', dirty, (repo) => repo.add(['c.yaml'])],
  ['restore', dirty, (repo) => repo.restore(['.'])],
  ['restore --staged', dirty, (repo) => repo.restore(['c.yaml'], { staged: true })],
  ['set', dirty, (repo) => repo.set('b.yaml#b', 7)],
  ['set in a new file', dirty, (repo) => repo.set('sub/e.yaml#e', 7)],
  ['set in an untracked file', dirty, (repo) => repo.set('new.yaml#n', 7)],
  ['unset', dirty, (repo) => repo.unset('a.yaml#x')],
  ['commit', dirty, (repo) => repo.commit({ message: 'm' })],
  ['commit -a', dirty, (repo) => repo.commit({ message: 'm', all: true })],
  ['commit by path', dirty, (repo) => repo.commit({ message: 'm', paths: ['b.yaml'] })],
  [
    'commit of a deletion',
    () => prepared(clean(), (box) => rmSync(`${box.dir}/b.yaml`)),
    (repo) => repo.commit({ message: 'm', all: true }),
  ],
  [
    'commitChanges',
    dirty,
    (repo) => repo.commitChanges('main', [{ path: 'a.yaml', set: { x: 9 } }], { message: 'm' }),
  ],
  [
    'commitChanges elsewhere',
    dirty,
    (repo) => repo.commitChanges('feature', [{ path: 'a.yaml', set: { x: 9 } }], { message: 'm' }),
  ],
  ['branch', dirty, (repo) => repo.createBranch('other')],
  ['branch -d', dirty, (repo) => repo.deleteBranch('feature', { force: true })],
  ['branch -m', dirty, (repo) => repo.renameBranch('main', 'trunk')],
  ['branch -m into a folder', dirty, (repo) => repo.renameBranch('main', 'main/x')],
  ['switch', clean, (repo) => repo.switch('feature')],
  ['switch -c', dirty, (repo) => repo.switch('other', { create: true })],
  [
    'merge, fast-forward',
    () => prepared(clean(), (box) => box.git('checkout', '-q', 'easy')),
    (repo) => repo.merge('main'),
  ],
  ['merge', clean, (repo) => repo.merge('feature', { strategy: 'ours' })],
  ['merge into another', dirty, (repo) => repo.merge('feature', { into: 'easy' })],
  ['merge that stops', clean, (repo) => repo.merge('feature')],
  ['resolve', conflicted, (repo) => repo.resolve('a.yaml#a', 'theirs')],
  ['merge --abort', conflicted, (repo) => repo.mergeAbort()],
  [
    'merge --abort with a hand in it',
    async () => prepared(await conflicted(), (box) => box.write('a.yaml', 'a: my own\n')),
    (repo) => repo.mergeAbort(),
  ],
  [
    'merge --continue',
    async () => {
      const box = await conflicted();
      await (await box.open()).resolve('a.yaml#a', 'theirs');
      return box;
    },
    (repo) => repo.mergeContinue(),
  ],
  ['cherry-pick', clean, (repo) => repo.cherryPick('feature', { strategy: 'theirs' })],
  ['cherry-pick that stops', clean, (repo) => repo.cherryPick('feature')],
  ['revert', clean, (repo) => repo.revert('HEAD')],
  ['rollback', clean, (repo) => repo.rollback('HEAD~1')],
  ['tag', dirty, (repo) => repo.tag({ version: '1.0.0' })],
  ['protect', dirty, (repo) => repo.protect({ pattern: 'release/*', level: 'strict' })],
  ['approve', dirty, (repo) => repo.approve('feature')],
];

describe('undo', () => {
  it.each(verbs)('of %s brings everything back, and restore --at does it again', async (_, make, run) => {
    const box = await make();
    const repo = await box.open();
    const before = snapshot(box);
    await run(repo);
    const after = snapshot(box);
    expect(after).not.toEqual(before);
    const [operation] = (await repo.operations()).operations;
    forget(box);
    expect((await repo.undo()).undone.map(({ id }) => id)).toEqual([operation?.id]);
    expect(snapshot(box)).toEqual(before);
    forget(box);
    await repo.restoreAt(operation?.id ?? '');
    expect(snapshot(box)).toEqual(after);
    await repo.undo();
    expect(snapshot(box)).toEqual(before);
    requireSound(box);
  });

  it('takes back one command after the other, or several at once', async () => {
    const box = clean();
    const repo = await box.open();
    const states = [snapshot(box)];
    const run: readonly Verb[] = [
      (one) => one.set('a.yaml#x', 5),
      (one) => one.commit({ message: 'm', all: true }),
      (one) => one.switch('easy'),
      (one) => one.set('a.yaml#x', 6),
    ];
    for (const verb of run) {
      await verb(repo);
      states.push(snapshot(box));
    }
    await repo.undo();
    expect(snapshot(box)).toEqual(states[3]);
    expect((await repo.undo({ count: 2 })).undone.map(({ command }) => command)).toEqual([
      'switch',
      'commit',
    ]);
    expect(snapshot(box)).toEqual(states[1]);
    await repo.undo();
    expect(snapshot(box)).toEqual(states[0]);
    await expect(repo.undo()).rejects.toMatchObject({ code: 'E_NOTHING_TO_DO' });
  });

  it.each<[string, Verb, (box: Sandbox) => void]>([
    [
      'refs/heads/main',
      (repo) => repo.createBranch('n').then(() => repo.commit({ message: 'm' })),
      (box) => change(box, { 'z.yaml': 'z: 1\n' }, 'by git'),
    ],
    ['a.yaml', (repo) => repo.set('a.yaml#x', 5), (box) => box.write('a.yaml', 'mine: 1\n')],
    [
      'new.yaml',
      (repo) => repo.add(['new.yaml']),
      (box) => (box.write('new.yaml', 'n: 2\n'), box.git('add', 'new.yaml')),
    ],
    ['HEAD', (repo) => repo.switch('n', { create: true }), (box) => box.git('checkout', '-q', '-b', 'm')],
  ])('refuses when %s changed since, says so, and changes nothing', async (name, verb, meddle) => {
    const box = dirty();
    const repo = await box.open();
    await verb(repo);
    meddle(box);
    const before = snapshot(box);
    await expect(repo.undo()).rejects.toMatchObject({ code: 'E_STALE', details: { changed: [name] } });
    expect(snapshot(box)).toEqual(before);
  });

  it('does not take back a commit on a protected branch', async () => {
    const box = repositoryWith({ 'cfg.yaml': 'version: 1\nbranches:\n  main: { protection: basic }\n' });
    const repo = await box.open();
    await repo.commitChanges('main', [{ path: 'a.yaml', content: 'a: 1\n' }], { message: 'm' });
    await repo.createBranch('other');
    await repo.undo();
    const before = snapshot(box);
    await expect(repo.undo()).rejects.toMatchObject({
      code: 'E_PROTECTED',
      details: { reasons: [{ rule: 'no-rewrite' }] },
    });
    expect(snapshot(box)).toEqual(before);
  });

  it('leaves a merge that came later alone', async () => {
    const box = clean();
    const repo = await box.open();
    await repo.commitChanges('main', [{ path: 'b.yaml', set: { b: 9 } }], { message: 'm' });
    expect(() => box.git('merge', '-q', 'feature')).toThrow(/Command failed/);
    await expect(repo.undo()).rejects.toMatchObject({ code: 'E_MERGE_IN_PROGRESS' });
  });

  it('takes back the merge of a pull, in one step, and leaves what was fetched', async () => {
    const box = clean();
    box.git('clone', '-q', '--bare', '.', '.git/origin.git');
    box.git('reset', '-q', '--hard', 'main~1');
    box.git('remote', 'add', 'origin', '.git/origin.git');
    const repo = await box.open();
    expect(await repo.pull({ remote: 'origin', branch: 'main' })).toMatchObject({
      merge: { result: 'fast-forward' },
    });
    const fetched = box.git('rev-parse', 'origin/main');
    await repo.undo();
    expect(box.git('rev-parse', 'main', 'origin/main')).toBe(`${box.git('rev-parse', 'main')}${fetched}`);
    expect(box.git('rev-parse', 'main')).not.toBe(fetched);
    await expect(repo.undo()).rejects.toMatchObject({ code: 'E_NOTHING_TO_DO' });
  });

  it('works without a worktree', async () => {
    const repo = await openRepository({ ...memoryStore(), env: clean().env });
    const { commit } = await repo.commitChanges('main', [{ path: 'a.yaml', content: 'a: 1\n' }], {
      message: 'm',
    });
    await repo.commitChanges('main', [{ path: 'a.yaml', set: { a: 2 } }], { message: 'n' });
    expect((await repo.undo()).restored).toEqual(['refs/heads/main']);
    expect((await repo.branches()).branches).toMatchObject([{ commit }]);
  });

  it('is not disturbed by a line that a crash tore', async () => {
    const box = clean();
    const repo = await box.open();
    await repo.set('a.yaml#x', 5);
    appendFileSync(`${box.dir}/.git/cfg/ops.log`, '\n{"id":"0","command":"se');
    await repo.set('a.yaml#x', 6);
    expect((await repo.operations()).operations.map(({ command }) => command)).toEqual(['set', 'set']);
    await repo.undo();
    expect(box.read('a.yaml')).toContain('x: 5');
  });
});

describe('the operation log', () => {
  it('records nothing for a command that fails or changes nothing', async () => {
    const box = clean();
    const repo = await box.open();
    await expect(repo.commit({ message: 'm' })).rejects.toMatchObject({ code: 'E_NOTHING_TO_DO' });
    await expect(repo.switch('nope')).rejects.toMatchObject({ code: 'E_REVISION_NOT_FOUND' });
    await repo.merge('feature', { dryRun: true });
    await repo.set('a.yaml#x', 1);
    await repo.restore(['.']);
    expect(await repo.operations()).toEqual({ operations: [] });
  });

  it('says what a command was about that moved no ref', async () => {
    const box = clean();
    const repo = await box.open();
    await repo.set('b.yaml#b', 7);
    await repo.restore(['.']);
    await repo.merge('feature');
    await repo.resolve('a.yaml#a', 'theirs');
    const { operations } = await repo.operations();
    expect(operations.map(({ command, summary }) => `${command} ${summary}`)).toEqual([
      'resolve a.yaml#a',
      'merge feature',
      'restore ',
      'set b.yaml#b',
    ]);
    await expect(repo.undo({ count: 5 })).rejects.toMatchObject({
      message: 'only 4 commands are left to undo',
    });
  });

  it('says what a command did', async () => {
    const box = clean();
    const repo = await box.open();
    const before = box.git('rev-parse', 'HEAD').trim();
    const { commit } = await repo.revert('HEAD~1');
    expect((await repo.operations({ limit: 1 })).operations).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{8}$/),
        command: 'revert',
        at: expect.stringMatching(/^2026-/),
        summary: 'revert: Revert "ours"',
        undone: false,
        refs: [{ ref: 'refs/heads/main', before, after: commit }],
        files: ['a.yaml'],
      },
    ]);
  });
});
