/** What a server lacks of what it is to have. */
import { walkCommits } from '../history/walk.js';
import type { HistorySource } from '../history/commits.js';
import { parseTag } from '../objects/codec.js';
import { TreeCursor } from '../objects/tree.js';
import type { Reached } from '../maintenance/reach.js';
import type { Oid } from '../types.js';

/**
 * The objects that `wanted` lead to and `had` do not: every new commit with what its tree has and the trees around it have not. `had` may
 * name what is not here. Throws E_OBJECT_MISSING, E_CORRUPT.
 */
export async function objectsToSend(
  source: HistorySource,
  wanted: readonly Oid[],
  had: readonly Oid[],
): Promise<ReadonlyMap<Oid, Reached>> {
  const search = new Outgoing(source);
  const known = await search.known(had);
  return search.run(wanted, known);
}

class Outgoing {
  private readonly found = new Map<Oid, Reached>();
  private readonly excluded = new Set<Oid>();
  private readonly source: HistorySource;

  constructor(source: HistorySource) {
    this.source = source;
  }

  /** The commits among what the other side has, tags followed. */
  async known(had: readonly Oid[]): Promise<readonly Oid[]> {
    const commits: Oid[] = [];
    for (const start of had) {
      let oid = start;
      while (await this.source.objects.has(oid)) {
        this.excluded.add(oid);
        const { type, data } = await this.source.objects.read(oid);
        if (type === 'commit') commits.push(oid);
        if (type !== 'tag') break;
        oid = parseTag(data).object;
      }
    }
    return commits;
  }

  async run(wanted: readonly Oid[], exclude: readonly Oid[]): Promise<ReadonlyMap<Oid, Reached>> {
    const starts: Oid[] = [];
    for (const oid of wanted) await this.addRoot(oid, starts);
    const trees: Oid[] = [];
    const boundary = new Set<Oid>();
    for await (const { oid, commit } of walkCommits(this.source, starts, { exclude })) {
      this.found.set(oid, { type: 'commit', path: '' });
      trees.push(commit.tree);
      for (const parent of commit.parents) boundary.add(parent);
    }
    for (const oid of boundary) if (!this.found.has(oid)) await this.exclude(oid);
    for (const tree of trees) await this.addTree(tree, '');
    return this.found;
  }

  private async addRoot(start: Oid, commits: Oid[]): Promise<void> {
    for (let oid = start; !this.found.has(oid) && !this.excluded.has(oid);) {
      const { type, data } = await this.source.objects.read(oid);
      if (type === 'commit') return void commits.push(oid);
      if (type === 'tree') return this.addTree(oid, '');
      this.found.set(oid, { type, path: '' });
      if (type !== 'tag') return;
      oid = parseTag(data).object;
    }
  }

  /** Everything in the tree of a commit that the other side has. */
  private async exclude(commit: Oid): Promise<void> {
    const { data } = await this.source.objects.read(commit);
    const queue = [treeIdOf(data)];
    for (let oid = queue.pop(); oid !== undefined; oid = queue.pop()) {
      if (this.excluded.has(oid)) continue;
      this.excluded.add(oid);
      const tree = await this.source.objects.read(oid);
      for (const cursor = new TreeCursor(tree.data); !cursor.done; cursor.next()) {
        if (cursor.isFolder) queue.push(cursor.oid);
        else this.excluded.add(cursor.oid);
      }
    }
  }

  private async addTree(root: Oid, at: string): Promise<void> {
    const queue: { readonly oid: Oid; readonly path: string }[] = [{ oid: root, path: at }];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const { oid, path } = next;
      if (this.excluded.has(oid) || this.found.has(oid)) continue;
      this.found.set(oid, { type: 'tree', path });
      const tree = await this.source.objects.read(oid);
      for (const cursor = new TreeCursor(tree.data); !cursor.done; cursor.next()) {
        const below = `${path}/${cursor.sortKey}`;
        if (cursor.isFolder) queue.push({ oid: cursor.oid, path: below });
        else if (cursor.mode !== '160000' && !this.excluded.has(cursor.oid) && !this.found.has(cursor.oid))
          this.found.set(cursor.oid, { type: 'blob', path: below });
      }
    }
  }
}

function treeIdOf(commit: Uint8Array): Oid {
  return Buffer.from(commit.subarray(5, 45)).toString('latin1');
}
