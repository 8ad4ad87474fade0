/** What an object leads to. */
import { parseCommit, parseTag } from '../objects/codec.js';
import { TreeCursor } from '../objects/tree.js';
import type { Oid, RawObject } from '../types.js';

/**
 * Calls `visit` with the place of each id, as twenty bytes; commits in a shallow clone are without their parents, and submodules are
 * commits of other repositories. Throws E_CORRUPT.
 */
export function eachLinkAt(
  { type, data }: RawObject,
  visit: (source: Buffer, at: number) => void,
  isShallow: boolean,
): void {
  if (type === 'tree') eachEntry(data, visit);
  else if (type === 'commit') {
    const { tree, parents } = parseCommit(data);
    for (const oid of isShallow ? [tree] : [tree, ...parents]) visit(Buffer.from(oid, 'hex'), 0);
  } else if (type === 'tag') visit(Buffer.from(parseTag(data).object, 'hex'), 0);
}

function eachEntry(data: Uint8Array, visit: (source: Buffer, at: number) => void): void {
  for (const cursor = new TreeCursor(data); !cursor.done; cursor.next())
    if (!cursor.isSubmodule) visit(cursor.data, cursor.end - idBytes);
}

const idBytes = 20;

/** The same with the ids as hexadecimal digits. */
export function eachLink(object: RawObject, visit: (oid: Oid) => void, isShallow: boolean): void {
  eachLinkAt(object, (source, at) => visit(source.toString('hex', at, at + idBytes)), isShallow);
}
