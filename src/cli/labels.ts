import type { Repository } from '../repo/index.js';
import type { SideLabels } from './render/conflicts.js';
import { short } from './render/text.js';

/** What the sides of the merge in progress are called: the current branch, and what is being merged (or `theirs`, when given). */
export async function sideLabels(repo: Repository, theirs?: string): Promise<SideLabels> {
  const head = await repo.store.refs.read('HEAD');
  const ours = head !== undefined && 'target' in head ? head.target.replace(/^refs\/heads\//, '') : 'HEAD';
  return { ours, theirs: theirs ?? (await mergedName(repo)) };
}

/** The name that the merge message gives to the other side, else the start of its id. */
async function mergedName(repo: Repository): Promise<string> {
  const message = (await repo.store.state.read('MERGE_MSG')) ?? '';
  const named = /^Merge (?:branch |tag |commit |remote-tracking branch )?'([^'\n]+)'/.exec(message)?.[1];
  if (named !== undefined) return named;
  for (const head of ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REBASE_HEAD']) {
    const oid = await repo.store.state.read(head);
    if (oid !== undefined) return short(oid.trim());
  }
  const reverted = await repo.store.state.read('REVERT_HEAD');
  return reverted === undefined ? 'theirs' : `parent of ${short(reverted.trim())}`;
}
