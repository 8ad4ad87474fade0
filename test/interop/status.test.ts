import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdit, type Edit, edits } from '../store/worktree/random-edits.js';
import {
  gitStatus,
  openSandbox,
  plainStatus,
  sandbox,
  temporaryFolder,
  type Sandbox,
} from '../store/worktree/sandbox.js';

const numRuns = process.env['CFG_FULL'] ? 500 : 40;

function play({ dir }: Sandbox, list: readonly Edit[]): void {
  for (const one of list) applyEdit(dir, one);
}

describe('status of random worktrees', () => {
  it('is that of git, before and after staging', async () => {
    await fc.assert(
      fc.asyncProperty(edits, edits, edits, async (committed, staged, local) => {
        const box = sandbox(temporaryFolder());
        play(box, committed);
        const tree = box.commit();
        const { worktree } = await openSandbox(box.dir, box.env);
        play(box, staged);
        box.git('add', '-A');
        play(box, local);
        const status = await worktree.status(tree);
        expect(plainStatus(status)).toEqual(gitStatus(box));

        const all = [...status.unstaged.map(({ path }) => path), ...status.untracked];
        await worktree.stage(all);
        const after = gitStatus(box);
        expect(plainStatus(await worktree.status(tree))).toEqual(after);
        expect([...after.unstaged, ...after.untracked]).toEqual([]);
        const ours = box.git('write-tree');
        box.git('fsck', '--strict');
        box.git('add', '-A');
        box.git('read-tree', '--empty');
        box.git('add', '-A');
        expect(ours).toBe(box.git('write-tree'));
      }),
      { numRuns },
    );
  }, 600_000);
});
