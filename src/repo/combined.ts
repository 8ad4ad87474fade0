import type { FileChange, Oid, Store } from '../store/index.js';
import { changesBetween, fileDiff, readChange } from './compare.js';
import { treeOf } from './head.js';
import type { FileDiff } from './types.js';

/**
 * What a merge has that none of its parents has (git: diff-format, "combined diff format"), by key: files that differ from every parent, and
 * in them the keys that do, compared with the first one. A merge that only took what one side or the other had decided nothing, and has none.
 */
export async function combinedChanges(
  store: Store,
  parents: readonly Oid[],
  tree: Oid,
): Promise<readonly FileDiff[]> {
  const compared: (readonly FileChange[])[] = [];
  for (const parent of parents) compared.push(await changesBetween(store, await treeOf(store, parent), tree));
  const [first = [], ...others] = compared;
  const byPath = others.map((changes) => new Map(changes.map((change) => [change.path, change])));
  const decided: FileDiff[] = [];
  for (const change of first) {
    const elsewhere = byPath.map((changes) => changes.get(change.path));
    if (!elsewhere.every((one) => one !== undefined)) continue;
    const file = await decidedIn(store, change, elsewhere);
    if (file !== undefined) decided.push(file);
  }
  return decided;
}

/** Undefined: each key of the file is as one of the parents has it. */
async function decidedIn(
  store: Store,
  change: FileChange,
  elsewhere: readonly FileChange[],
): Promise<FileDiff | undefined> {
  const file = fileDiff(await readChange(store, change));
  if (file.text !== undefined) return file;
  const keys: (readonly string[])[] = [];
  for (const other of elsewhere) {
    const diff = fileDiff(await readChange(store, other));
    if (diff.text === undefined) keys.push(diff.changes.map(({ path }) => path));
  }
  const changes = file.changes.filter(({ path }) =>
    keys.every((others) => others.some((key) => overlap(path, key))),
  );
  return changes.length === 0 ? undefined : { ...file, changes };
}

/** Whether one key is, or is inside of, the other. */
function overlap(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return long.startsWith(short) && (short === '' || /^($|[.[])/.test(long.slice(short.length)));
}
