import { isConfigError } from '../errors.js';
import {
  formatAddress,
  leaves,
  locate,
  parseAddress,
  type ConfigDocument,
  type KeyPath,
} from '../doc/index.js';
import { comparableAt } from '../diff/index.js';
import { findFile, resolveCommit } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { documentOf, documentReader } from './documents.js';
import { treeOf } from './head.js';
import { log } from './log.js';
import type { LastSet } from './types.js';

/** Where a value stands, and the revision its file was read at (default: the worktree). */
export interface SetPlace {
  /** A path from the root, or `REV:PATH`. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly revision?: string;
}

const nobody: LastSet = { commit: null, author: null, date: null };

/**
 * The commit that last set the value of a key at a place, on the history of the revision (HEAD for the worktree). All null where no
 * commit has that value: it was changed since, or the file is not in the repository. `key` is the path in the merged configuration; where
 * another key of the file stands at the place (an item of a joined list), that one is meant.
 */
export async function lastSet(context: RepositoryContext, key: KeyPath, place: SetPlace): Promise<LastSet> {
  const { revision: written, file } = parseAddress(place.file);
  const revision = written ?? place.revision;
  const committed = await documentAt(context, revision ?? 'HEAD', file);
  const present = revision === undefined ? await worktreeDocument(context, file) : committed;
  if (committed?.valid !== true || present?.valid !== true) return nobody;
  const path = pathAt(present, key, place);
  if (revision === undefined && !isSame(present, committed, path)) return nobody;
  const address = formatAddress({ revision: revision ?? 'HEAD', file, path });
  const { commits } = await log(context, { addresses: [address], limit: 1 });
  const [last] = commits;
  if (last === undefined) return nobody;
  const { name, email, date } = last.author;
  return { commit: last.commit, author: `${name} <${email}>`, date };
}

async function documentAt(
  context: RepositoryContext,
  revision: string,
  file: string,
): Promise<ConfigDocument | undefined> {
  const { store } = context;
  try {
    const tree = await treeOf(store, await resolveCommit(store, revision));
    const entry = tree === null ? undefined : await findFile(store, tree, file);
    return entry && (await documentReader(store)(entry));
  } catch (error) {
    if (isConfigError(error, 'E_REVISION_NOT_FOUND')) return undefined; // HEAD has no commit yet
    throw error;
  }
}

async function worktreeDocument(
  { store }: RepositoryContext,
  file: string,
): Promise<ConfigDocument | undefined> {
  const content = await store.worktree?.read(file);
  return content && documentOf(file, content.data);
}

function isSame(present: ConfigDocument, committed: ConfigDocument, path: KeyPath): boolean {
  const now = comparableAt(present, path)?.identity;
  return now !== undefined && now === comparableAt(committed, path)?.identity;
}

/** The path of the value that stands at a place; `key` where it is that one, or where none is known. */
function pathAt(document: ConfigDocument, key: KeyPath, { line, column }: SetPlace): KeyPath {
  const start = locate(document, key, 'value')?.start;
  if (line === undefined || (start?.line === line && start.column === column)) return key;
  const leaf = leaves(document).find(
    ({ range }) => range.start.line === line && range.start.column === column,
  );
  return leaf?.path ?? key;
}
