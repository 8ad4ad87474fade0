import { ConfigError } from '../../errors.js';
import type { Oid } from '../types.js';
import type { IndexImage } from './image.js';

/**
 * What the index remembers of trees already written: for each folder how many entries it covers and the tree that they make
 * (git: Documentation/gitformat-index, cache tree). A folder without a tree changed since.
 */
export interface CacheTree {
  /** One name, as Latin-1 so that every byte survives; '' for the root. */
  readonly name: string;
  /** Entries below the folder; -1 when the tree is not known. */
  readonly count: number;
  /** Absent when `count` is -1. */
  readonly oid?: Oid;
  readonly children: readonly CacheTree[];
  /** The folder with all below it as it was read, to be written again unchanged. */
  readonly bytes?: Buffer;
}

/** Reads the body of the extension; undefined when it is empty. Throws E_CORRUPT. */
function parseCacheTree(body: Buffer): CacheTree | undefined {
  if (body.length === 0) return undefined;
  const { tree, next } = parseNode(body, 0);
  if (next !== body.length) throw damaged();
  return tree;
}

const parsed = new WeakMap<IndexImage, CacheTree | undefined>();

/** The cache tree of an index, where it has one; read once for each image. Throws E_CORRUPT. */
export function knownTree(image: IndexImage): CacheTree | undefined {
  const known = parsed.get(image);
  if (known !== undefined || image.treeExtension === undefined) return known;
  const tree = parseCacheTree(image.treeExtension);
  parsed.set(image, tree);
  return tree;
}

function parseNode(body: Buffer, start: number): { tree: CacheTree; next: number } {
  const nameEnd = body.indexOf(0, start);
  const countEnd = body.indexOf(0x20, nameEnd);
  const lineEnd = body.indexOf(0x0a, countEnd);
  if (nameEnd < 0 || countEnd < 0 || lineEnd < 0) throw damaged();
  const count = Number(body.toString('latin1', nameEnd + 1, countEnd));
  const childCount = Number(body.toString('latin1', countEnd + 1, lineEnd));
  const oidEnd = lineEnd + 1 + (count < 0 ? 0 : 20);
  if (!Number.isInteger(count) || !(childCount >= 0) || oidEnd > body.length) throw damaged();
  const children: CacheTree[] = [];
  let next = oidEnd;
  for (let at = 0; at < childCount; at += 1) {
    const child = parseNode(body, next);
    children.push(child.tree);
    next = child.next;
  }
  const name = body.toString('latin1', start, nameEnd);
  const bytes = body.subarray(start, next);
  if (count < 0) return { tree: { name, count: -1, children, bytes }, next };
  return { tree: { name, count, oid: body.toString('hex', lineEnd + 1, oidEnd), children, bytes }, next };
}

function damaged(): ConfigError {
  return new ConfigError('E_CORRUPT', 'the index has a damaged TREE extension', {
    hint: "run 'cfg fsck --repair' to rebuild it; the files in the worktree stay as they are",
  });
}

export function formatCacheTree(tree: CacheTree): Buffer {
  const parts: Buffer[] = [];
  formatNode(tree, parts);
  return Buffer.concat(parts);
}

function formatNode({ name, count, oid, children, bytes }: CacheTree, parts: Buffer[]): void {
  if (bytes !== undefined) return void parts.push(bytes);
  parts.push(Buffer.from(`${name}\0${count} ${children.length}\n`, 'latin1'));
  if (oid !== undefined) parts.push(Buffer.from(oid, 'hex'));
  for (const child of children) formatNode(child, parts);
}

/** The tree without what can no longer be known once the entries of `paths` (Latin-1) change. */
export function invalidate(tree: CacheTree, paths: readonly string[]): CacheTree {
  if (paths.length === 0) return tree;
  const below = new Map<string, string[]>();
  const files = new Set<string>();
  for (const path of paths) {
    const slash = path.indexOf('/');
    if (slash < 0) files.add(path);
    else (below.get(path.slice(0, slash)) ?? put(below, path.slice(0, slash))).push(path.slice(slash + 1));
  }
  // A file in the place of a folder: what was known of the folder goes, unless it has entries again.
  const children = tree.children
    .filter(({ name }) => !files.has(name) || below.has(name))
    .map((child) => invalidate(child, below.get(child.name) ?? []));
  return { name: tree.name, count: -1, children };
}

function put(map: Map<string, string[]>, key: string): string[] {
  const list: string[] = [];
  map.set(key, list);
  return list;
}
