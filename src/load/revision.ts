import { realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { ConfigError } from '../errors.js';
import {
  findFile,
  listFiles,
  openStore,
  readBlob,
  readCommit,
  resolveCommit,
  type Store,
} from '../store/index.js';
import { checkPath, decodeText } from './text.js';
import { listingOf } from './listing.js';
import type { LocatedFiles } from './source/looks.js';
import type { LookedAt } from './source/types.js';
import type { ConfigFiles, Environment } from './types.js';

interface RevisionOptions {
  /** A folder of the worktree, or a bare repository. */
  readonly dir: string;
  readonly env: Environment;
  readonly rev: string;
}

/**
 * The files of a folder as they are at a revision, read from Git objects; the worktree is not looked at. Throws E_NOT_A_REPOSITORY,
 * E_REVISION_NOT_FOUND; `read` throws E_BAD_PATH (also for a symbolic link or a submodule), E_INVALID (not UTF-8).
 */
export async function revisionFiles({ dir, env, rev }: RevisionOptions): Promise<LocatedFiles> {
  const store = await openStore({ dir, env });
  const files = await filesAt(store, await resolveCommit(store, rev), prefixOf(store, dir));
  const revisionPlace = (revision: string): LookedAt => ({ kind: 'revision', dir: resolve(dir), revision });
  return { ...files, placeOf: () => revisionPlace(rev), revisionPlace };
}

async function filesAt(store: Store, commitOid: string, prefix: string): Promise<ConfigFiles> {
  const { tree } = await readCommit(store, commitOid);
  return {
    read: async (path) => {
      const entry = await findFile(store, tree, prefix + checkPath(path));
      if (entry === undefined) return undefined;
      if (entry.mode === '120000' || entry.mode === '160000')
        throw new ConfigError(
          'E_BAD_PATH',
          `'${path}' is a link, which is not followed inside of a revision`,
        );
      return decodeText(await readBlob(store, entry.oid), path);
    },
    list: async (folder, deep) => {
      const path = prefix + (folder === '' ? '' : checkPath(folder));
      return listingOf(await listFiles(store, tree), { path: path.replace(/\/$/, ''), prefix, deep });
    },
    readAt: async (revision, path) => {
      const files = await filesAt(store, await resolveCommit(store, revision), prefix);
      return files.read(path);
    },
  };
}

/** Where the folder is in the worktree, as the beginning of repository paths. */
function prefixOf(store: Store, dir: string): string {
  if (store.worktree === undefined) return '';
  const inside = relative(realpathSync(store.worktree.root), realpathSync(resolve(dir)));
  return inside === '' ? '' : `${inside.split(sep).join('/')}/`;
}
