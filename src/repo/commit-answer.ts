import type { Oid } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { countChanges } from './count.js';
import { governingSettings } from './protection.js';
import type { CommitAnswer } from './types.js';
import type { NewCommit } from './write-commit.js';

/** What a verb that made a commit says. */
export async function commitAnswer(
  context: RepositoryContext,
  {
    made,
    before,
    branch,
  }: { readonly made: NewCommit; readonly before: Oid | null; readonly branch: string | null },
): Promise<CommitAnswer> {
  const { commit: oid, tree, parents } = made;
  const settings = await governingSettings(context, oid);
  const changes = await countChanges(context.store, { before, after: tree }, settings);
  return { commit: oid, branch, parents, tree, changes };
}
