import { ConfigError, isConfigError } from '../errors.js';
import type { RepositoryContext } from './context.js';
import { reversalOf } from './operations/compose.js';
import { goBack } from './operations/go-back.js';
import { endedWell, readOperations } from './operations/log.js';
import { operate } from './operations/operate.js';
import type { Operation, RefState } from './operations/types.js';
import type { OperationInfo, OperationsAnswer, RestoreAnswer, UndoAnswer } from './types.js';

/**
 * Takes back the last `count` commands (default 1) that changed refs, index or worktree: all of these become what they were before.
 * Undoing is itself recorded: what it replaces can be brought back with {@link restoreAt}.
 * Throws E_NOTHING_TO_DO, E_STALE when something else changed since, E_PROTECTED, E_MERGE_IN_PROGRESS.
 */
export async function undo(
  context: RepositoryContext,
  { count = 1 }: { readonly count?: number } = {},
): Promise<UndoAnswer> {
  const all = await readOperations(context.store.state);
  const undone = undoneIds(all);
  const live = all.filter(({ id, undoes }) => undoes.length === 0 && !undone.has(id));
  const taken = live.slice(-count);
  const [first] = taken;
  if (first === undefined || taken.length < count) throw nothingToUndo(taken.length);
  const undoes = taken.map(({ id }) => id);
  const what = `undo '${taken.map(({ command }) => command).join("', '")}'`;
  const later = all.slice(all.indexOf(first));
  const restored = await operate(context, { command: 'undo', undoes }, (inner) => goBack(inner, later, what));
  const infos: OperationInfo[] = [];
  for (const operation of taken.toReversed()) infos.push(await describe(context, operation, true));
  return { undone: infos, restored };
}

/** The recorded commands of this worktree, newest first. */
export async function operations(
  context: RepositoryContext,
  { limit }: { readonly limit?: number } = {},
): Promise<OperationsAnswer> {
  const all = await readOperations(context.store.state);
  const undone = undoneIds(all);
  const infos: OperationInfo[] = [];
  for (const operation of all.toReversed().slice(0, limit))
    infos.push(await describe(context, operation, undone.has(operation.id)));
  return { operations: infos };
}

/**
 * Makes refs, index and worktree what they were right after an operation, named by its id or the beginning of it. It is a command like
 * others: undo takes it back. Throws E_REVISION_NOT_FOUND, E_STALE, E_PROTECTED, E_MERGE_IN_PROGRESS.
 */
export async function restoreAt(context: RepositoryContext, id: string): Promise<RestoreAnswer> {
  const all = await readOperations(context.store.state);
  const found = all.filter((operation) => operation.id.startsWith(id));
  const [only] = found;
  if (only === undefined || found.length > 1 || id === '')
    throw new ConfigError(
      'E_REVISION_NOT_FOUND',
      only === undefined ? `there is no operation '${id}'` : `'${id}' begins the ids of several operations`,
      { hint: 'see them with: cfg ops' },
    );
  const later = all.slice(all.indexOf(only) + 1);
  const what = `restore operation '${only.id}'`;
  const restored = await operate(context, { command: 'restore --at', undoes: [] }, (inner) =>
    goBack(inner, later, what),
  );
  return { restored };
}

/** Those that a completed undo took back. */
function undoneIds(all: readonly Operation[]): ReadonlySet<string> {
  return new Set(all.filter(endedWell).flatMap(({ undoes }) => undoes));
}

function nothingToUndo(recorded: number): ConfigError {
  return new ConfigError(
    'E_NOTHING_TO_DO',
    recorded === 0
      ? 'no command of cfg is left to undo'
      : `only ${recorded} ${recorded === 1 ? 'command is' : 'commands are'} left to undo`,
    { hint: 'see what was recorded: cfg ops' },
  );
}

async function describe(
  context: RepositoryContext,
  operation: Operation,
  undone: boolean,
): Promise<OperationInfo> {
  const { id, command, at, summary, undoes } = operation;
  const touched = await touchedBy(context, operation);
  return { id, command, at, summary, undone, ...(undoes.length > 0 && { undoes }), ...touched };
}

async function touchedBy(
  context: RepositoryContext,
  operation: Operation,
): Promise<Pick<OperationInfo, 'refs' | 'files'>> {
  try {
    const { refs, files, index } = await reversalOf(context.store, [operation]);
    return {
      refs: [...refs].map(([ref, { target, known = [] }]) => ({ ref, before: target, after: last(known) })),
      files: [...new Set([...files.keys(), ...index.keys()])].toSorted(),
    };
  } catch (error) {
    // a tree that only the log knew, and that a git gc was told to forget
    if (!isConfigError(error, 'E_OBJECT_MISSING')) throw error;
    return { refs: [], files: [] };
  }
}

function last(known: readonly RefState[]): RefState {
  return known.at(-1) ?? null;
}
