import { diffTrees, type FileEntry, type RepoPath, type Store } from '../../store/index.js';
import type { FileState, IndexState, Operation, RefState, Step } from './types.js';

/** What something was before some operations, and every value that they are known to have given it. */
export interface Past<T> {
  readonly target: T;
  /** Undefined: an operation was interrupted before it could note what came of it. */
  readonly known: readonly T[] | undefined;
}

/** Everything that a series of operations touched, each with what it was before the first of them. */
export interface Reversal {
  readonly refs: ReadonlyMap<string, Past<RefState>>;
  readonly files: ReadonlyMap<RepoPath, Past<FileState>>;
  readonly index: ReadonlyMap<RepoPath, Past<IndexState>>;
  readonly state: ReadonlyMap<string, Past<string | null>>;
}

/** Joins successive operations, oldest first, into one way back to before the first of them. */
export async function reversalOf(store: Store, operations: readonly Operation[]): Promise<Reversal> {
  const [refs, state] = [new Map<string, Past<RefState>>(), new Map<string, Past<string | null>>()];
  const [files, index] = [new Map<RepoPath, Past<FileState>>(), new Map<RepoPath, Past<IndexState>>()];
  for (const { steps, ending } of operations) {
    const afterFiles = new Map(ending?.files);
    const afterIndex = new Map(ending?.index);
    for (const step of steps) {
      for (const [name, before, after] of step.refs ?? []) note(refs, name, { before, after });
      for (const [name, before, after] of step.state ?? []) note(state, name, { before, after });
      for (const [path, before, after] of await treeFiles(store, step)) {
        note(files, path, { before, after });
        note(index, path, { before: staged(before), after: staged(after) });
      }
      for (const [path, before] of step.files ?? [])
        note(files, path, { before, after: afterFiles.get(path) });
      for (const [path, before] of step.index ?? [])
        note(index, path, { before, after: afterIndex.get(path) });
    }
  }
  return { refs, files, index, state };
}

/** Files that a move from tree to tree changed. */
export async function treeFiles(
  store: Store,
  { trees }: Step,
): Promise<readonly (readonly [RepoPath, before: FileState, after: FileState])[]> {
  if (trees === undefined) return [];
  const changes = await diffTrees(store, ...trees);
  return changes.map(({ path, before, after }) => [path, stateOf(before), stateOf(after)]);
}

function note<K, T>(
  past: Map<K, Past<T>>,
  key: K,
  { before, after }: { readonly before: T; readonly after: T | undefined },
): void {
  const earlier = past.get(key) ?? { target: before, known: [] };
  const known =
    after === undefined || earlier.known === undefined ? undefined : [...earlier.known, before, after];
  past.set(key, { target: earlier.target, known });
}

function stateOf(entry: FileEntry | undefined): FileState {
  return entry === undefined ? null : [entry.mode, entry.oid];
}

function staged(file: FileState): IndexState {
  return file === null ? [] : [[0, ...file]];
}

/** Whether two recorded values are the same. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Whether a value is one that the operations gave; anything else came from outside. */
export function isKnown<T>({ known }: Past<T>, value: T): boolean {
  return known === undefined || known.some((one) => isSame(one, value));
}
