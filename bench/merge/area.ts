/** A merge of two branches beside `git merge`: with the worktree, and in a bare repository. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRepository } from '../../src/repo/index.js';
import { type AreaOptions, type Comparison, measureAll } from '../measure.js';
import { report } from '../report.js';
import { contentOf, env, git, makeRepository } from '../store/repository.js';

const size = 10_000;
const changedBySide = 500;
const changedByBoth = 100;

export async function measureArea({ rounds = 7 }: AreaOptions): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'cfg-bench-'));
  try {
    await report('merge', [await measureAll(branches(join(root, 'merge')), rounds)]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function branches(dir: string): Comparison {
  const names = makeRepository(dir, size);
  changeFiles(dir, {
    names,
    from: 0,
    branch: 'ours',
    change: (text) => text.replace('name: ', 'name: new-'),
  });
  const from = changedBySide - changedByBoth;
  changeFiles(dir, { names, from, branch: 'theirs', change: (text) => text.replace('tag: ', 'tag: new-') });
  const prepare = (): void => {
    git(dir, 'checkout', '-q', '--detach', 'ours');
    git(dir, 'branch', '-q', '-f', 'main', 'ours');
    git(dir, 'checkout', '-q', 'main');
  };
  const open = (): ReturnType<typeof openRepository> => openRepository({ dir, env });
  return {
    title: `merge of two branches that each changed ${changedBySide} of ${size} files, ${changedByBoth} of them the same`,
    reference: 'git merge',
    contenders: [
      { name: 'git merge', prepare, run: () => git(dir, 'merge', '-q', '--no-edit', 'theirs') },
      { name: 'cfg merge', prepare, run: async () => (await open()).merge('theirs') },
      {
        name: 'cfg merge --dry-run',
        prepare,
        run: async () => (await open()).merge('theirs', { dryRun: true }),
      },
    ],
  };
}

interface Changing {
  readonly names: readonly string[];
  readonly from: number;
  readonly branch: string;
  readonly change: (text: string) => string;
}

/** A branch off main with every tenth file from `from * 10` on changed. */
function changeFiles(dir: string, { names, from, branch, change }: Changing): void {
  git(dir, 'checkout', '-q', '-b', branch, 'main');
  for (let count = 0; count < changedBySide; count += 1) {
    const at = (from + count) * 10;
    writeFileSync(join(dir, names[at] ?? ''), change(contentOf(at)));
  }
  git(dir, 'commit', '-q', '-a', '-m', branch);
}
