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
  if (endOf(body, 0) !== body.length) throw damaged();
  return new ReadTree(body);
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

/** A folder in its bytes: most are only looked at to be written again, so nothing is decoded before it is asked for. */
class ReadTree implements CacheTree {
  readonly bytes: Buffer;
  readonly name: string;
  readonly count: number;
  readonly oid?: Oid;
  private readonly header: Header;
  private below: readonly CacheTree[] | undefined;

  /** `bytes`: of this folder and all below it, and nothing else. */
  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.header = headerAt(bytes, 0);
    this.name = bytes.toString('latin1', 0, this.header.nameEnd);
    this.count = Math.max(-1, this.header.count);
    if (this.count >= 0) this.oid = bytes.toString('hex', this.header.end - 20, this.header.end);
  }

  get children(): readonly CacheTree[] {
    this.below ??= this.parseChildren();
    return this.below;
  }

  private parseChildren(): readonly CacheTree[] {
    const children: CacheTree[] = [];
    for (let at = this.header.end; at < this.bytes.length;) {
      const end = endOf(this.bytes, at);
      children.push(new ReadTree(this.bytes.subarray(at, end)));
      at = end;
    }
    return children;
  }
}

/** `name NUL count SP children LF`, and the id of the tree unless `count` is negative. */
interface Header {
  readonly nameEnd: number;
  readonly count: number;
  readonly children: number;
  readonly end: number;
}

function headerAt(body: Buffer, start: number): Header {
  const nameEnd = body.indexOf(0, start);
  const countEnd = body.indexOf(0x20, nameEnd);
  const lineEnd = body.indexOf(0x0a, countEnd);
  if (nameEnd < 0 || countEnd < 0 || lineEnd < 0) throw damaged();
  const isNegative = body[nameEnd + 1] === minus;
  const count = numberIn(body, nameEnd + (isNegative ? 2 : 1), countEnd) * (isNegative ? -1 : 1);
  const end = lineEnd + 1 + (count < 0 ? 0 : 20);
  if (end > body.length) throw damaged();
  return { nameEnd, count, children: numberIn(body, countEnd + 1, lineEnd), end };
}

const minus = 0x2d;

function numberIn(body: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (body[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) throw damaged();
    value = value * 10 + digit;
  }
  return value;
}

/** Where a folder with all below it ends. Throws E_CORRUPT. */
function endOf(body: Buffer, start: number): number {
  let at = start;
  for (let left = 1; left > 0; left -= 1) {
    const { children, end } = headerAt(body, at);
    left += children;
    at = end;
  }
  return at;
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

function formatNode(tree: CacheTree, parts: Buffer[]): void {
  if (tree.bytes !== undefined) return void parts.push(tree.bytes);
  const { name, count, oid, children } = tree;
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
