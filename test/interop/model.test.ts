import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isConfigError } from '../../src/errors.js';
import { openRepository, type Repository } from '../../src/repo/index.js';

/** With CFG_FULL=1 a thousand sequences; CFG_SEED repeats a run. */
const runs = process.env['CFG_FULL'] ? 1_000 : 30;
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

/** Two repositories that get the same commands: one from git, one from cfg. */
class Pair {
  readonly root: string = mkdtempSync(join(tmpdir(), 'cfg-model-'));
  readonly git: string = join(this.root, 'git');
  readonly cfg: string = join(this.root, 'cfg');
  private time = 1_700_000_000;
  private count = 0;

  constructor() {
    for (const dir of [this.git, this.cfg]) {
      mkdirSync(dir);
      this.run(dir, 'init', '-q', '-b', 'main');
      writeFileSync(join(dir, 'base.yaml'), 'base: 1\n');
      this.run(dir, 'add', '-A');
      this.run(dir, 'commit', '-q', '-m', 'base');
    }
  }

  /** Every branch has files of its own, so that no merge meets a conflict. */
  file(number: number): string {
    const branch = this.run(this.git, 'symbolic-ref', '--short', 'HEAD');
    return `${branch}/${['a.yaml', 'b.json', 'sub/c.ini', 'sub/deep/d.txt', 'ä ö.yaml', 'e'][number] ?? ''}`;
  }

  async step(step: Step): Promise<void> {
    this.time += 60;
    const repo = await openRepository({ dir: this.cfg, env: this.env });
    const [byGit, byCfg] = [
      attempt(() => this.onGit(step)),
      await attemptAsync(() => this.onCfg(repo, step)),
    ];
    expect({ step, did: byCfg }).toEqual({ step, did: byGit });
    expect({ step, state: await this.state(this.cfg) }).toEqual({ step, state: await this.state(this.git) });
    const { staged, unstaged, untracked } = await repo.status();
    const isClean = staged.length + unstaged.length + untracked.length === 0;
    expect({ step, isClean }).toEqual({ step, isClean: this.run(this.git, 'status', '--porcelain') === '' });
  }

  run(dir: string, ...args: readonly string[]): string {
    return execFileSync('git', args, { cwd: dir, env: this.env, encoding: 'utf8', stdio: 'pipe' }).trimEnd();
  }

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

  private onGit(step: Step): void {
    const run = (...args: readonly string[]): void => void this.run(this.git, ...args);
    switch (step.do) {
      case 'write':
      case 'delete':
      case 'chmod':
        return this.touch(step.do, this.file(step.file));
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

  private touch(what: 'write' | 'delete' | 'chmod', file: string): void {
    this.count += 1;
    const paths = [this.git, this.cfg].map((dir) => join(dir, file));
    for (const path of paths) {
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
  private async state(dir: string): Promise<unknown> {
    const peeled = '%(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)';
    return {
      head: this.run(dir, 'symbolic-ref', 'HEAD'),
      tree: this.run(dir, 'rev-parse', 'HEAD^{tree}'),
      refs: this.run(dir, 'for-each-ref', `--format=%(refname) ${peeled}`, 'refs/heads', 'refs/tags').split(
        '\n',
      ),
      index: this.run(dir, 'ls-files', '-s').split('\n'),
      status: this.run(dir, 'status', '--porcelain', '-uall').split('\n'),
    };
  }
}

class NotClean extends Error {}

/** Text that git finds nothing similar to. */
function contentOf(file: string, count: number): string {
  const value = Array.from({ length: 8 }, (_, n) => Math.imul(count * 8 + n + 1, 2_654_435_761) >>> 0);
  if (file.endsWith('.json')) return `${JSON.stringify(value)}\n`;
  return value
    .map((number) => `k${number} = ${number}\n`.replace(' =', file.endsWith('.yaml') ? ':' : ' ='))
    .join('');
}

/** Whether it worked; a refusal of git counts as one of cfg. */
function attempt(act: () => void): 'done' | 'refused' {
  try {
    act();
    return 'done';
  } catch (error) {
    if (error instanceof NotClean || (error instanceof Error && 'status' in error)) return 'refused';
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

it.each<readonly [string, (pair: Pair) => void]>([
  ['a ref', (pair) => pair.run(pair.cfg, 'update-ref', 'refs/heads/extra', 'HEAD')],
  ['the index', (pair) => pair.run(pair.cfg, 'update-index', '--chmod=+x', 'base.yaml')],
  ['a file', (pair) => writeFileSync(join(pair.cfg, 'base.yaml'), 'base: 2\n')],
])('is a test that notices when %s is not as in git', async (_, spoil) => {
  const pair = new Pair();
  spoil(pair);
  await expect(pair.step({ do: 'tag' })).rejects.toThrow(/expected/);
  rmSync(pair.root, { recursive: true, force: true });
});

it('cfg and git come to the same ids, refs, index and status', { timeout: 3_600_000 }, async () => {
  console.log(`CFG_SEED=${seed}`);
  const property = fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 25 }), async (sequence) => {
    const pair = new Pair();
    try {
      for (const step of sequence) await pair.step(step);
      for (const dir of [pair.git, pair.cfg]) pair.run(dir, 'fsck', '--strict', '--no-dangling');
    } finally {
      rmSync(pair.root, { recursive: true, force: true });
    }
  });
  await fc.assert(property, { numRuns: runs, seed });
});
