import type { RepositoryContext } from '../context.js';
import type { Repository } from '../repository.js';

/**
 * The methods of a repository, those that change refs, index or worktree with their changes recorded, so that `undo` can take them
 * back. A new verb that changes any of these belongs on this list; `pull` records its merge itself.
 */
export function withRecording(
  context: RepositoryContext,
  build: (context: RepositoryContext) => Repository,
): Repository {
  const recorded =
    <A extends readonly unknown[], T>(
      command: string,
      verb: (repository: Repository, ...args: A) => Promise<T>,
      about?: (...args: A) => string,
    ) =>
    async (...args: A): Promise<T> => {
      const { operate } = await import('./operate.js');
      const recording = { command, about: about?.(...args) };
      return operate(context, recording, (inner) => verb(build(inner), ...args));
    };
  return {
    ...build(context),
    add: recorded('add', (repo, ...args) => repo.add(...args)),
    restore: recorded('restore', (repo, ...args) => repo.restore(...args)),
    set: recorded(
      'set',
      (repo, ...args) => repo.set(...args),
      (address) => address,
    ),
    unset: recorded(
      'unset',
      (repo, ...args) => repo.unset(...args),
      (address) => address,
    ),
    commit: recorded('commit', (repo, ...args) => repo.commit(...args)),
    commitChanges: recorded('commit', (repo, ...args) => repo.commitChanges(...args)),
    batch: recorded('apply', (repo, ...args) => repo.batch(...args)),
    createBranch: recorded('branch', (repo, ...args) => repo.createBranch(...args)),
    deleteBranch: recorded('branch -d', (repo, ...args) => repo.deleteBranch(...args)),
    renameBranch: recorded('branch -m', (repo, ...args) => repo.renameBranch(...args)),
    switch: recorded('switch', (repo, ...args) => repo.switch(...args)),
    merge: recorded(
      'merge',
      (repo, ...args) => repo.merge(...args),
      (revision) => revision,
    ),
    mergeAbort: recorded('merge --abort', (repo, ...args) => repo.mergeAbort(...args)),
    mergeContinue: recorded('merge --continue', (repo, ...args) => repo.mergeContinue(...args)),
    cherryPick: recorded(
      'cherry-pick',
      (repo, ...args) => repo.cherryPick(...args),
      (revision) => revision,
    ),
    revert: recorded(
      'revert',
      (repo, ...args) => repo.revert(...args),
      (revision) => revision,
    ),
    resolve: recorded(
      'resolve',
      (repo, ...args) => repo.resolve(...args),
      (address) => address,
    ),
    tag: recorded('tag', (repo, ...args) => repo.tag(...args)),
    deleteTag: recorded('tag -d', (repo, ...args) => repo.deleteTag(...args)),
    protect: recorded('protect', (repo, ...args) => repo.protect(...args)),
    approve: recorded('approve', (repo, ...args) => repo.approve(...args)),
    rollback: recorded('rollback', (repo, ...args) => repo.rollback(...args)),
  };
}
