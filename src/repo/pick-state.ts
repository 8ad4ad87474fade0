import { ConfigError } from '../errors.js';
import type { Oid } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import type { StoppedState } from './merge-stop.js';

export type PickVerb = 'cherry-pick' | 'revert';

/** Git's own state of one commit that is being picked or reverted and waits for decisions. */
export interface PickState {
  readonly verb: PickVerb;
  readonly commit: Oid;
  /** MERGE_MSG as it is, comments included. */
  readonly message: string;
}

const heads = { 'cherry-pick': 'CHERRY_PICK_HEAD', revert: 'REVERT_HEAD' } as const;

/** What only git can go on with: several commits, or a rebase. */
const sequences = ['sequencer/todo', 'rebase-merge/head-name', 'rebase-apply/head-name'];

/** The single pick or revert in progress, whichever tool began it. */
export async function readPickState(context: RepositoryContext): Promise<PickState | undefined> {
  const { state } = context.store;
  for (const name of sequences) if ((await state.read(name)) !== undefined) return undefined;
  for (const verb of ['cherry-pick', 'revert'] as const) {
    const commit = (await state.read(heads[verb]))?.trim();
    if (commit === undefined) continue;
    if (!/^[0-9a-f]{40}$/.test(commit))
      throw new ConfigError('E_CORRUPT', `${heads[verb]} is damaged`, { hint: `git ${verb} --abort` });
    return { verb, commit, message: (await state.read('MERGE_MSG')) ?? '' };
  }
  return undefined;
}

/** Records a pick that stopped; its head last, so that the message is there when it is. */
export async function writePickState(
  context: RepositoryContext,
  verb: PickVerb,
  { head, message }: StoppedState,
): Promise<void> {
  await context.store.state.write('MERGE_MSG', message);
  await context.store.state.write(heads[verb], `${head}\n`);
}
