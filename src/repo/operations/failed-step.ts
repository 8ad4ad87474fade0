import { isConfigError } from '../../errors.js';
import type { Store } from '../../store/index.js';
import { isSame, treeFiles } from './compose.js';
import { fileState, indexStates, refState } from './states.js';
import type { Step } from './types.js';

/**
 * Whether something of a step that failed is there all the same. What refuses does so before anything changes; a disk that fails may have
 * let some of several files through, and those are to be taken back like all others.
 */
export async function mayHaveHappened(store: Store, step: Step, error: unknown): Promise<boolean> {
  if (isConfigError(error) && error.code !== 'E_IO') return false;
  try {
    return (
      (await isAnyRefMoved(store, step)) ||
      (await isAnyFileChanged(store, step)) ||
      (await isAnyEntryChanged(store, step))
    );
  } catch (cause) {
    if (isConfigError(cause, 'E_IO')) return true;
    throw cause;
  }
}

async function isAnyRefMoved({ refs, state }: Store, step: Step): Promise<boolean> {
  for (const [name, before, after] of step.refs ?? [])
    if (before !== after && (await refState(refs, name)) === after) return true;
  for (const [name, before, after] of step.state ?? [])
    if (before !== after && ((await state.read(name)) ?? null) === after) return true;
  return false;
}

async function isAnyFileChanged(store: Store, step: Step): Promise<boolean> {
  const { worktree } = store;
  if (worktree === undefined) return false;
  for (const [path, , after] of await treeFiles(store, step))
    if (isSame(await fileState(worktree, path), after)) return true;
  for (const [path, before] of step.files ?? [])
    if (!isSame(await fileState(worktree, path), before)) return true;
  return false;
}

async function isAnyEntryChanged({ index }: Store, step: Step): Promise<boolean> {
  const before = new Map(step.index);
  if (index === undefined || before.size === 0) return false;
  const now = await indexStates(index, [...before.keys()]);
  return now.some(([path, state]) => !isSame(state, before.get(path)));
}
