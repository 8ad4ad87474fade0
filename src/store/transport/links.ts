/** What an object leads to. */
import { parseCommit, parseTag } from '../objects/codec.js';
import { TreeCursor } from '../objects/tree.js';
import type { Oid, RawObject } from '../types.js';

/** Calls `visit` with the ids; commits in `shallow` are without their parents, and submodules are commits of other repositories. Throws E_CORRUPT. */
export function eachLink({ type, data }: RawObject, visit: (oid: Oid) => void, isShallow: boolean): void {
  if (type === 'commit') {
    const { tree, parents } = parseCommit(data);
    visit(tree);
    if (!isShallow) parents.forEach(visit);
  } else if (type === 'tag') visit(parseTag(data).object);
  else if (type === 'tree')
    for (const cursor = new TreeCursor(data); !cursor.done; cursor.next())
      if (cursor.mode !== '160000') visit(cursor.oid);
}
