import { ConfigError } from '../../errors.js';
import { parseCommit, parseTag } from '../objects/codec.js';
import { TreeCursor } from '../objects/tree.js';
import type { RawObject } from '../types.js';

/** Throws E_CORRUPT unless the content is what its type promises: a tree sorted and without a name twice, ids where they belong. */
export function parseObject({ type, data }: RawObject): void {
  if (type === 'commit') parseCommit(data);
  if (type === 'tag') parseTag(data);
  if (type === 'tree') checkTree(data);
}

function checkTree(data: Uint8Array): void {
  let last = '';
  for (const cursor = new TreeCursor(data); !cursor.done; cursor.next()) {
    const { sortKey, mode } = cursor;
    if (sortKey <= last) throw new ConfigError('E_CORRUPT', `tree is not sorted at '${sortKey}' (${mode})`);
    last = sortKey;
  }
}
