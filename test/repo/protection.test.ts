import { describe, expect, it } from 'vitest';
import type { Repository } from '../../src/repo/index.js';
import { change, repositoryWith, requireSound, type Sandbox } from './sandbox.js';

const levels = ['none', 'basic', 'standard', 'strict'] as const;

/** What a route does to `main`, and the levels that let it. */
const allowedAt = {
  commit: ['none', 'basic'],
  merge: ['none', 'basic', 'standard'],
  rewrite: ['none'],
  never: [],
} as const;

type Route = (repo: Repository, box: Sandbox) => Promise<unknown>;

const tipOf = (box: Sandbox, name: string): string => box.git('rev-parse', name).trim();

/** A refusal of the server as an error, as the other routes have it. */
async function push(repo: Repository, before: string, after: string | null): Promise<void> {
  const { refused } = await repo.judgePush([{ ref: 'refs/heads/main', before, after }]);
  if (refused.length > 0) throw Object.assign(new Error(refused[0]?.message), { code: 'E_PROTECTED' });
}

/** A remote beside the repository, whose `main` is that of a revision here. */
function remoteAt(box: Sandbox, revision: string): void {
  box.git('clone', '-q', '--bare', '.', '.git/remote.git');
  box.git('-C', '.git/remote.git', 'update-ref', 'refs/heads/main', tipOf(box, revision));
  box.git('remote', 'add', 'origin', `${box.dir}/.git/remote.git`);
}

/** A push to a remote that has what is here; one that is refused must not move it. */
async function pushing(box: Sandbox, run: (repo: Repository) => Promise<unknown>): Promise<unknown> {
  remoteAt(box, 'main');
  box.git('-C', '.git/remote.git', 'symbolic-ref', 'HEAD', 'refs/heads/feature');
  try {
    return await run(await box.open());
  } catch (error) {
    expect(box.git('-C', '.git/remote.git', 'rev-parse', 'main').trim()).toBe(tipOf(box, 'main'));
    throw error;
  }
}

const routes: readonly (readonly [name: string, kind: keyof typeof allowedAt, run: Route])[] = [
  [
    'commit',
    'commit',
    (repo, box) => (box.write('a.yaml', 'a: 9\n'), repo.commit({ message: 'x', all: true })),
  ],
  [
    'commit by path',
    'commit',
    (repo, box) => (box.write('a.yaml', 'a: 9\n'), repo.commit({ message: 'x', paths: ['a.yaml'] })),
  ],
  [
    'commit without checks',
    'commit',
    (repo, box) => (box.write('a.yaml', 'a: 9\n'), repo.commit({ message: 'x', all: true, verify: false })),
  ],
  [
    'commitChanges',
    'commit',
    (repo) => repo.commitChanges('main', [{ path: 'a.yaml', set: { a: 9 } }], { message: 'x' }),
  ],
  [
    'commitChanges that lifts the rule',
    'commit',
    (repo) => repo.commitChanges('main', [{ path: 'cfg.yaml', delete: true }], { message: 'x' }),
  ],
  [
    'commitChanges through a symbolic ref',
    'commit',
    (repo, box) => (
      box.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/main'),
      repo.commitChanges('alias', [{ path: 'a.yaml', set: { a: 9 } }], { message: 'x' })
    ),
  ],
  [
    'batch',
    'commit',
    (repo) => repo.batch('main', [{ message: 'x', changes: [{ path: 'a.yaml', set: { a: 9 } }] }]),
  ],
  ['cherry-pick', 'commit', (repo) => repo.cherryPick('feature')],
  ['revert', 'commit', (repo) => repo.revert('HEAD~1')],
  ['rollback', 'commit', (repo) => repo.rollback('HEAD~2', { paths: ['a.yaml'] })],
  ['merge --ff-only', 'commit', (repo) => repo.merge('feature', { fastForward: 'only' })],
  ['merge', 'merge', (repo) => repo.merge('feature')],
  ['merge --no-ff', 'merge', (repo) => repo.merge('feature', { fastForward: 'never' })],
  [
    'merge from another branch',
    'merge',
    (repo, box) => (box.git('checkout', '-q', 'feature'), repo.merge('feature', { into: 'main' })),
  ],
  [
    'merge --continue of a merge by git',
    'merge',
    (repo, box) => (box.git('merge', '-q', '--no-ff', '--no-commit', 'feature'), repo.mergeContinue()),
  ],
  [
    'branch -d',
    'rewrite',
    (repo, box) => (box.git('checkout', '-q', 'feature'), repo.deleteBranch('main', { force: true })),
  ],
  ['branch -m', 'rewrite', (repo) => repo.renameBranch('main', 'other')],
  ['undo', 'rewrite', (repo) => repo.undo()],
  [
    'restore --at',
    'rewrite',
    async (repo) => repo.restoreAt((await repo.operations()).operations[1]?.id ?? ''),
  ],
  ['branch -m onto it', 'never', (repo) => repo.renameBranch('feature', 'main')],
  ['branch over it', 'never', (repo) => repo.createBranch('main', 'feature')],
  ['switch -c over it', 'never', (repo) => repo.switch('main', { create: true, start: 'feature' })],
  [
    'pull',
    'commit',
    async (_, box) => {
      remoteAt(box, 'feature');
      return (await box.open()).pull({ remote: 'origin', branch: 'main' });
    },
  ],
  [
    'push to a server without the hook',
    'commit',
    (_, box) => pushing(box, (repo) => repo.push({ remote: 'origin', refs: ['feature:main'] })),
  ],
  [
    'push --force-with-lease to a server without the hook',
    'rewrite',
    (_, box) =>
      pushing(box, async (repo) => {
        await repo.fetch({ remote: 'origin' });
        return repo.push({ remote: 'origin', refs: ['main~1:refs/heads/main'], forceWithLease: true });
      }),
  ],
  [
    'push --delete to a server without the hook',
    'rewrite',
    (_, box) => pushing(box, (repo) => repo.push({ remote: 'origin', refs: ['main'], delete: true })),
  ],
  ['a push of commits', 'commit', (repo, box) => push(repo, tipOf(box, 'main'), tipOf(box, 'feature'))],
  ['a forced push', 'rewrite', (repo, box) => push(repo, tipOf(box, 'main'), tipOf(box, 'main~1'))],
  ['a push that deletes', 'rewrite', (repo, box) => push(repo, tipOf(box, 'main'), null)],
];

/** `main`, whose last commit cfg made and brought the rule, and `feature` one commit ahead; on `main`. */
async function protectedAt(level: string): Promise<Sandbox> {
  const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
  change(box, { 'a.yaml': 'a: 2\n' }, 'second');
  const repo = await box.open();
  box.write('cfg.yaml', `version: 1\nbranches:\n  main: { protection: ${level} }\n`);
  await repo.add(['cfg.yaml']);
  await repo.commit({ message: 'the rule' });
  box.git('checkout', '-q', '-b', 'feature');
  change(box, { 'b.yaml': 'b: 1\n' }, 'feature');
  box.git('checkout', '-q', 'main');
  return box;
}

describe.each(levels)('a branch with the protection %s', (level) => {
  it.each(
    routes.map(([name, kind, run]) => [name, allowedAt[kind].some((one) => one === level), run] as const),
  )('meets %s (allowed: %s)', async (_, isAllowed, run) => {
    const box = await protectedAt(level);
    const before = tipOf(box, 'refs/heads/main');
    const code = await run(await box.open(), box).then(
      () => '',
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    );
    expect(code).toMatch(isAllowed ? /^$/ : /^E_(PROTECTED|EXISTS)$/);
    const kept = isAllowed ? [] : [tipOf(box, 'refs/heads/main'), box.git('ls-files', 'cfg.yaml')];
    expect(kept).toEqual(isAllowed ? [] : [before, 'cfg.yaml\n']);
    requireSound(box);
  });
});

describe('a protected branch', () => {
  it('takes its first commit', async () => {
    const box = repositoryWith();
    const repo = await box.open();
    const settings = 'version: 1\nbranches:\n  main: { protection: strict }\n';
    await repo.commitChanges('main', [{ path: 'cfg.yaml', content: settings }], { message: 'first' });
    expect((await repo.status()).protection).toBe('strict');
    await expect(
      repo.commitChanges('main', [{ path: 'a.yaml', content: 'a: 1\n' }], { message: 'x' }),
    ).rejects.toMatchObject({ code: 'E_PROTECTED' });
  });

  it('is judged by the rules of the commit that the update expects', async () => {
    const box = await protectedAt('none');
    const repo = await box.open();
    const { refs } = repo.store;
    const update = refs.update.bind(refs);
    // somebody protects the branch between the decision and the update
    refs.update = (edits, log) => {
      refs.update = update;
      box.git('checkout', '-q', '--detach');
      change(box, { 'cfg.yaml': 'version: 1\nbranches:\n  main: { protection: strict }\n' }, 'protect');
      box.git('update-ref', 'refs/heads/main', 'HEAD');
      box.git('checkout', '-q', 'feature');
      return update(edits, log);
    };
    box.git('checkout', '-q', 'feature');
    await expect(
      repo.commitChanges('main', [{ path: 'a.yaml', set: { a: 9 } }], { message: 'x' }),
    ).rejects.toMatchObject({ code: 'E_PROTECTED' });
    expect(box.git('log', '-1', '--format=%s', 'main')).toBe('protect\n');
  });
});

describe('a new branch of a server', () => {
  const rules = (release: string): string =>
    `branches:\n  main: { protection: standard }\n  release/*: { ${release} }\n`;

  /** What is in the way of a branch `release/9` that begins at a revision. */
  async function refused(box: Sandbox, revision: string): Promise<readonly string[]> {
    const ref = 'refs/heads/release/9';
    const answer = await (await box.open()).judgePush([{ ref, before: null, after: tipOf(box, revision) }]);
    return answer.refused.map(({ rule, message }) => `${rule}: ${message.replace(/^.*: /, '')}`);
  }

  it.each([
    ['version: 1\n', rules('protection: standard')],
    [rules('protection: standard'), rules('protection: strict')],
    [rules('protection: strict'), rules('protection: strict, approvals: 2')],
    [rules('protection: strict'), rules('protection: strict, approvals: { signed: true }')],
    [rules('protection: standard'), rules('protection: standard, signed: true')],
  ])('does not begin where the rule was %j and not yet %j', async (before, after) => {
    const box = repositoryWith({ 'cfg.yaml': before });
    change(box, { 'cfg.yaml': after }, 'the rule');
    expect(await refused(box, 'main~1')).toEqual([
      'new-branch: the cfg.yaml of the commit that it would begin at protects it less',
    ]);
    expect(await refused(box, 'main')).toEqual([]);
    change(box, { 'cfg.yaml': before }, 'lifted');
    expect(await refused(box, 'main~1')).toEqual([]);
  });

  it('begins at a branch that takes merges only by the rules of the default branch, not just by its own', async () => {
    const box = repositoryWith({ 'cfg.yaml': rules('protection: standard') });
    box.git('checkout', '-q', '-b', 'own');
    const own = `${rules('protection: standard')}  own: { protection: standard }\n`;
    change(box, { 'cfg.yaml': own }, 'trust me');
    box.git('checkout', '-q', 'main');
    expect(await refused(box, 'own')).toEqual([
      'new-branch: it would begin with commits that no such branch has',
    ]);
    box.git('branch', 'release/1', 'own');
    expect(await refused(box, 'own')).toEqual([]);
  });
});

describe('a cfg.yaml that is not valid', () => {
  it('is told where its rules are wanted: at a push, by verify, and when the hook is installed', async () => {
    const box = repositoryWith({ 'cfg.yaml': 'branches: { main: { protection: none } }\n' });
    const before = tipOf(box, 'main');
    change(box, { 'cfg.yaml': 'branches: [{ main: { protection: strict } }]\n' }, 'a slip');
    const warnings = [
      "the cfg.yaml of 'main' is not valid, so only rules of an earlier one count: cfg.yaml:1:11: 'branches' must be a map",
    ];
    const repo = await box.open();
    const update = { ref: 'refs/heads/main', before, after: tipOf(box, 'main') };
    expect(await repo.judgePush([update])).toEqual({ accepted: true, refused: [], warnings });
    expect(await repo.verify('main')).toEqual({ branch: 'main', ok: true, violations: [], warnings });
    expect(await repo.installServerHook({ command: 'true' })).toMatchObject({ branch: 'main', warnings });
    expect(await repo.judgePush([{ ...update, after: before }])).not.toHaveProperty('warnings');
  });
});
