/** Where everything that must stay begins: refs, the heads and indexes of all worktrees, reflogs, merges in progress. */
import { join } from 'node:path';
import { ConfigError } from '../../errors.js';
import { readIfPresent } from '../disk.js';
import type { Layout } from '../layout.js';
import { isOid, zeroOid } from '../objects/oid.js';
import { FileRefs } from '../refs/file-refs.js';
import { parseReflog } from '../refs/reflog.js';
import { type CacheTree, knownTree, openIndex } from '../staging/index.js';
import type { ObjectType, Oid } from '../types.js';
import { fileNames } from './inventory.js';
import type { Premises } from './premises.js';

export interface Root {
  readonly oid: Oid;
  /** Where what names it says what it is. */
  readonly type?: ObjectType;
  /** What names it, for messages: `refs/heads/main`, `index`, `logs/HEAD`. */
  readonly from: string;
  /** False where Git itself lives with the object being gone: old entries of a reflog. */
  readonly required: boolean;
}

/** Told of a source of roots that cannot be read. What it throws ends the search. */
export type OnDamage = (from: string, error: ConfigError) => void;

/** Throws E_IO, and what `onDamage` throws. */
export function collectRoots(premises: Premises, onDamage: OnDamage): Root[] {
  const { worktrees } = premises;
  const shared = refRoots(premises, { layout: premises.layout, prefix: 'refs/' }, onDamage);
  return [
    ...shared,
    ...worktrees.flatMap((layout) => worktreeRoots(premises, layout, onDamage)),
    ...reflogRoots(premises),
  ];
}

/** Undefined when `read` fails; the failure is passed on to `onDamage`. */
function attempt<T>(from: string, onDamage: OnDamage, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError) || error.code === 'E_IO') throw error;
    onDamage(from, error);
    return undefined;
  }
}

function refRoots(
  { disk }: Premises,
  { layout, prefix }: { readonly layout: Layout; readonly prefix: string },
  onDamage: OnDamage,
): Root[] {
  const refs = new FileRefs(disk, layout, false);
  const names = attempt('packed-refs', onDamage, () => refs.names(prefix)) ?? [];
  return names.flatMap((name) => {
    const ref = attempt(name, onDamage, () => refs.read(name));
    return ref !== undefined && 'oid' in ref ? [{ oid: ref.oid, from: name, required: true }] : [];
  });
}

/** HEAD and its kin, refs of that worktree alone, and what is staged. */
function worktreeRoots(premises: Premises, layout: Layout, onDamage: OnDamage): Root[] {
  const { disk } = premises;
  const heads = fileNames(disk.fs, layout.gitDir)
    .filter((path) => /\/([A-Z]+_)*HEAD$|\/AUTO_MERGE$/.test(path))
    .flatMap((path) => headRoots(readIfPresent(disk.fs, path)?.toString('latin1') ?? '', path));
  const own =
    layout.gitDir === layout.commonDir
      ? []
      : refRoots(premises, { layout, prefix: 'refs/' }, onDamage).filter(({ from }) =>
          /^refs\/(bisect|worktree|rewritten)\//.test(from),
        );
  return [...heads, ...own, ...indexRoots(premises, layout, onDamage)];
}

/** HEAD must lead somewhere; ORIG_HEAD and FETCH_HEAD may outlive what they name. A line each. */
function headRoots(text: string, path: string): Root[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const required = /^(HEAD|MERGE_HEAD|CHERRY_PICK_HEAD|REVERT_HEAD|REBASE_HEAD)$/.test(name);
  return text
    .split('\n')
    .map((line) => line.slice(0, 40))
    .filter((oid) => isOid(oid) && oid !== zeroOid)
    .map((oid) => ({ oid, from: name, required }));
}

function indexRoots({ disk }: Premises, { gitDir }: Layout, onDamage: OnDamage): Root[] {
  const image = attempt('index', onDamage, () => openIndex({ disk, gitDir }).load());
  if (image === undefined) return [];
  const roots: Root[] = [];
  for (let at = 0; at < image.count; at += 1)
    if (image.modeBits(at) !== 0o160000)
      roots.push({ oid: image.oid(at), type: 'blob', from: 'index', required: true });
  const cached = attempt('index', onDamage, () => knownTree(image));
  return cached === undefined ? roots : [...roots, ...cachedTrees(cached)];
}

/** Trees that the index knows need not be written yet; git keeps them all the same. */
function cachedTrees({ oid, children }: CacheTree): Root[] {
  const own = oid === undefined ? [] : [{ oid, type: 'tree' as const, from: 'index', required: false }];
  return [...own, ...children.flatMap(cachedTrees)];
}

function reflogRoots({ disk, worktrees }: Premises): Root[] {
  return worktrees.flatMap(({ gitDir }) =>
    logFiles(disk.fs, join(gitDir, 'logs')).flatMap((path) => {
      const from = path.slice(gitDir.length + 1);
      const entries = parseReflog(readIfPresent(disk.fs, path)?.toString('utf8') ?? '');
      return entries
        .flatMap(({ before, after }) => [before, after])
        .filter((oid) => oid !== zeroOid)
        .map((oid) => ({ oid, from, required: false }));
    }),
  );
}

/** The files of a folder of reflogs, at any depth. */
export function logFiles(fs: Premises['disk']['fs'], folder: string): string[] {
  if (fs.stat(folder)?.kind !== 'directory') return [];
  return fs.readdir(folder).flatMap(({ name, kind }) => {
    const path = join(folder, name);
    if (kind === 'directory') return logFiles(fs, path);
    return kind === 'file' && !name.endsWith('.lock') ? [path] : [];
  });
}
