import { objectOid, parseCommit, parseTree, type Oid, type RawObject, type Store } from '../store/index.js';

/** A store whose new objects stay in memory until they are published: what a plan works on, so that planning writes nothing. */
export interface Draft {
  readonly store: Store;
  /** Writes the new objects that these lead to, in one batch; what a plan tried and dropped is never written. */
  publish(roots: readonly Oid[]): Promise<void>;
}

/** Opens a draft over a store, with some objects in it; reading sees both, new objects first. */
export function draftOf(below: Store, objects: readonly RawObject[] = []): Draft {
  const added = new Map(objects.map((object) => [objectOid(object.type, object.data), object]));
  const drafted: Store['objects'] = {
    read: (oid) => added.get(oid) ?? below.objects.read(oid),
    has: async (oid) => added.has(oid) || (await below.objects.has(oid)),
    write: (batch) =>
      batch.map((object) => {
        const oid = objectOid(object.type, object.data);
        added.set(oid, object);
        return oid;
      }),
    findByPrefix: (prefix) => below.objects.findByPrefix(prefix),
  };
  return {
    store: { ...below, objects: drafted },
    publish: async (roots) => {
      await below.objects.write(reachable(added, roots));
    },
  };
}

function reachable(added: ReadonlyMap<Oid, RawObject>, roots: readonly Oid[]): readonly RawObject[] {
  const found = new Map<Oid, RawObject>();
  const queue = [...roots];
  for (let oid = queue.pop(); oid !== undefined; oid = queue.pop()) {
    const object = added.get(oid);
    if (object === undefined || found.has(oid)) continue;
    found.set(oid, object);
    queue.push(...linksOf(object));
  }
  return [...found.values()];
}

function linksOf({ type, data }: RawObject): readonly Oid[] {
  if (type === 'tree') return parseTree(data).map(({ oid }) => oid);
  if (type !== 'commit') return [];
  const { tree, parents } = parseCommit(data);
  return [tree, ...parents];
}
