import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isConfigError } from '../../src/errors.js';
import { openRepository, type Repository } from '../../src/repo/index.js';
import { PlainModel, Refused } from './plain-model.js';

/** With CFG_FULL=1 a thousand sequences; CFG_SEED repeats a run. */
const runs = process.env['CFG_FULL'] ? 1_000 : 20;
const seed = Number(process.env['CFG_SEED'] ?? Date.now() % 1_000_000);

const branches = ['main', 'one', 'two', 'feature/three'] as const;
type Branch = (typeof branches)[number];

type Step =
  | { readonly do: 'write' | 'delete' | 'chmod'; readonly file: number }
  | { readonly do: 'add' | 'commit' | 'gc' | 'pack-refs' | 'tag' }
  | { readonly do: 'branch' | 'switch' | 'merge' | 'delete branch'; readonly branch: Branch };

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), file: fc.nat(5) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('delete' as const, 'chmod' as const), file: fc.nat(5) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('add' as const, 'commit' as const, 'commit' as const) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('gc' as const, 'pack-refs' as const, 'tag' as const) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'branch' as const,
        'switch' as const,
        'merge' as const,
        'switch' as const,
        'delete branch' as const,
      ),
      branch: fc.constantFrom(...branches),
    }),
  },
);

/** Two repositories that get the same commands, one from git, one from cfg, and the plain model. */
class Trio {
  readonly root: string = mkdtempSync(join(tmpdir(), 'cfg-model-'));
  readonly git: string = join(this.root, 'git');
  readonly cfg: string = join(this.root, 'cfg');
  readonly plain: PlainModel = new PlainModel();
  private time = 1_700_000_000;
  private count = 0;
  /** How often each branch was created: one that comes again has other files. */
  private readonly lives = new Map<string, number>();

  constructor() {
    for (const dir of [this.git, this.cfg]) {
      mkdirSync(dir);
      this.run(dir, 'init', '-q', '-b', 'main');
      writeFileSync(join(dir, 'base.yaml'), 'base: 1\n');
      this.run(dir, 'add', '-A');
      this.run(dir, 'commit', '-q', '-m', 'base');
    }
    this.plain.worktree.set('base.yaml', { mode: '100644', content: 'base: 1\n' });
    this.plain.add();
    this.plain.commit('base', this.time);
  }

  /** Every branch has files of its own, so that no merge meets a conflict. */
  file(number: number): string {
    const branch = this.plain.head;
    return `${branch}/${this.lives.get(branch) ?? 0}/${['a.yaml', 'b.json', 'sub/c.ini', 'sub/deep/d.txt', 'ä ö.yaml', 'e'][number] ?? ''}`;
  }

  async step(step: Step): Promise<void> {
    this.time += 60;
    const repo = await openRepository({ dir: this.cfg, env: this.env });
    const file = 'file' in step ? this.file(step.file) : '';
    this.count += 1;
    const did = {
      git: attempt(() => this.onGit(step, file)),
      cfg: await attemptAsync(() => this.onCfg(repo, step)),
      plain: attempt(() => this.onPlain(step, file)),
    };
    expect({ step, ...did }).toEqual({ step, git: did.plain, cfg: did.plain, plain: did.plain });
    const expected = this.plain.state();
    expect({ step, git: this.state(this.git) }).toEqual({ step, git: expected });
    expect({ step, cfg: this.state(this.cfg) }).toEqual({ step, cfg: expected });
    const { staged, unstaged, untracked } = await repo.status();
    const isClean = staged.length + unstaged.length + untracked.length === 0;
    expect({ step, isClean }).toEqual({ step, isClean: this.plain.status().length === 0 });
  }

  readonly run = (dir: string, ...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: dir, env: this.env, encoding: 'utf8', stdio: 'pipe' }).trimEnd();

  private get env(): Record<string, string> {
    const date = `${this.time} +0100`;
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.root,
      CFG_NO_CACHE: '1',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Ann',
      GIT_AUTHOR_EMAIL: 'ann@example.com',
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: 'Ann',
      GIT_COMMITTER_EMAIL: 'ann@example.com',
      GIT_COMMITTER_DATE: date,
    };
  }

  private onGit(step: Step, file: string): void {
    const run = (...args: readonly string[]): void => void this.run(this.git, ...args);
    switch (step.do) {
      case 'write':
      case 'delete':
      case 'chmod':
        return this.touch(step.do, file);
      case 'add':
        return run('add', '-A');
      case 'commit':
        return run('commit', '-q', '-m', `at ${this.time}`);
      case 'tag':
        return run('tag', '-a', '-m', 'tag', `v0.0.${this.time}`);
      case 'branch':
        return run('branch', step.branch);
      case 'delete branch':
        return run('branch', '-D', step.branch);
      case 'switch':
        return run('switch', '-q', step.branch);
      case 'merge':
        this.requireClean();
        return run('merge', '-q', '-m', `merge ${step.branch}`, step.branch);
      default:
        return this.maintain(step.do);
    }
  }

  private async onCfg(repo: Repository, step: Step): Promise<void> {
    switch (step.do) {
      case 'add':
        return void (await repo.add('all'));
      case 'commit':
        return void (await repo.commit({ message: `at ${this.time}` }));
      case 'tag':
        return void (await repo.tag({ version: `0.0.${this.time}` }));
      case 'branch':
        return void (await repo.createBranch(step.branch));
      case 'delete branch':
        return void (await repo.deleteBranch(step.branch, { force: true }));
      case 'switch':
        return void (await repo.switch(step.branch));
      case 'merge':
        this.requireClean();
        return void (await repo.merge(step.branch, { message: `merge ${step.branch}` }));
      default:
      // Done to both folders at once.
    }
  }

  private onPlain(step: Step, file: string): void {
    const { plain, time } = this;
    switch (step.do) {
      case 'write':
      case 'delete':
      case 'chmod':
        return touchPlain(plain, step.do, { path: file, content: contentOf(file, this.count) });
      case 'add':
        return plain.add();
      case 'commit':
        return plain.commit(`at ${time}`, time);
      case 'tag':
        return plain.tag(`v0.0.${time}`);
      case 'branch':
        plain.createBranch(step.branch);
        return void this.lives.set(step.branch, (this.lives.get(step.branch) ?? 0) + 1);
      case 'delete branch':
        return plain.deleteBranch(step.branch);
      case 'switch':
        return plain.switch(step.branch);
      case 'merge':
        return plain.merge(step.branch, `merge ${step.branch}`, time);
      default:
      // Nothing that a model would know of.
    }
  }

  /** Of git and cfg alike. */
  private touch(what: 'write' | 'delete' | 'chmod', file: string): void {
    for (const path of [this.git, this.cfg].map((dir) => join(dir, file))) {
      if (what === 'write') {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, contentOf(file, this.count));
      } else if (existsSync(path)) {
        if (what === 'delete') rmSync(path);
        else chmodSync(path, (statSync(path).mode & 0o100) === 0 ? 0o755 : 0o644);
      }
    }
  }

  private requireClean(): void {
    if (this.run(this.git, 'status', '--porcelain') !== '') throw new NotClean();
  }

  private maintain(what: 'gc' | 'pack-refs'): void {
    for (const dir of [this.git, this.cfg])
      if (what === 'gc') this.run(dir, 'gc', '-q');
      else this.run(dir, 'pack-refs', '--all');
  }

  /** Ids of commits and trees, refs, HEAD, index and status; tags by what they peel to. */
  private state(dir: string): unknown {
    const peeled = '%(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)';
    const refs = this.run(dir, 'for-each-ref', `--format=%(refname) ${peeled}`, 'refs/heads', 'refs/tags');
    return {
      head: this.run(dir, 'symbolic-ref', 'HEAD'),
      tree: this.run(dir, 'rev-parse', 'HEAD^{tree}'),
      refs: refs.split('\n'),
      index: this.run(dir, 'ls-files', '-s', '-z').split('\0').slice(0, -1),
      status: this.run(dir, 'status', '--porcelain', '-uall', '-z').split('\0').slice(0, -1),
    };
  }
}

class NotClean extends Error {}

function touchPlain(
  { worktree }: PlainModel,
  what: 'write' | 'delete' | 'chmod',
  { path, content }: { readonly path: string; readonly content: string },
): void {
  const file = worktree.get(path);
  if (what === 'write') worktree.set(path, { mode: file?.mode ?? '100644', content });
  else if (what === 'delete') worktree.delete(path);
  else if (file !== undefined)
    worktree.set(path, { ...file, mode: file.mode === '100644' ? '100755' : '100644' });
}

/** Text that git finds nothing similar to. */
function contentOf(file: string, count: number): string {
  const value = Array.from({ length: 8 }, (_, n) => Math.imul(count * 8 + n + 1, 2_654_435_761) >>> 0);
  if (file.endsWith('.json')) return `${JSON.stringify(value)}\n`;
  return value
    .map((number) => `k${number} = ${number}\n`.replace(' =', file.endsWith('.yaml') ? ':' : ' ='))
    .join('');
}

/** Whether it worked; why not is each one's own affair. */
function attempt(act: () => void): 'done' | 'refused' {
  try {
    act();
    return 'done';
  } catch (error) {
    if (
      error instanceof NotClean ||
      error instanceof Refused ||
      (error instanceof Error && 'status' in error)
    )
      return 'refused';
    throw error;
  }
}

async function attemptAsync(act: () => Promise<void>): Promise<'done' | 'refused'> {
  try {
    await act();
    return 'done';
  } catch (error) {
    if (error instanceof NotClean) return 'refused';
    if (isConfigError(error) && error.code !== 'E_INTERNAL') return 'refused';
    throw error;
  }
}

it.each<readonly [string, (trio: Trio) => void]>([
  ['a ref of cfg', ({ cfg, run }) => run(cfg, 'update-ref', 'refs/heads/extra', 'HEAD')],
  ['the index of cfg', ({ cfg, run }) => run(cfg, 'update-index', '--chmod=+x', 'base.yaml')],
  ['a file of cfg', ({ cfg }) => writeFileSync(join(cfg, 'base.yaml'), 'base: 2\n')],
  [
    'a ref of both',
    ({ cfg, git, run }) => [cfg, git].map((dir) => run(dir, 'update-ref', 'refs/heads/extra', 'HEAD')),
  ],
  ['the index of the model', ({ plain }) => [plain.worktree.clear(), plain.add()]],
])('is a test that notices when %s is not as it should be', { timeout: 120_000 }, async (_, spoil) => {
  const trio = new Trio();
  spoil(trio);
  await expect(trio.step({ do: 'tag' })).rejects.toThrow(/expected/);
  rmSync(trio.root, { recursive: true, force: true });
});

it(
  'cfg, git and a plain model come to the same ids, refs, index and status',
  { timeout: 3_600_000 },
  async () => {
    console.log(`CFG_SEED=${seed}`);
    const property = fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 25 }), async (sequence) => {
      const trio = new Trio();
      try {
        for (const step of sequence) await trio.step(step);
        for (const dir of [trio.git, trio.cfg]) trio.run(dir, 'fsck', '--strict', '--no-dangling');
      } finally {
        rmSync(trio.root, { recursive: true, force: true });
      }
    });
    await fc.assert(property, { numRuns: runs, seed });
  },
);
