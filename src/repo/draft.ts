import { memoryStore, type Oid, type RawObject, type Store } from '../store/index.js';

/** A store whose new objects stay in memory until they are published: what a plan works on, so that planning writes nothing. */
export interface Draft {
  readonly store: Store;
  /** Writes the new objects to the store below, in one batch. */
  publish(): Promise<void>;
}

/** Opens a draft over a store; reading sees both, new objects first. */
export function draftOf(below: Store): Draft {
  const hasher = memoryStore().objects;
  const added = new Map<Oid, RawObject>();
  const objects: Store['objects'] = {
    read: (oid) => added.get(oid) ?? below.objects.read(oid),
    has: async (oid) => added.has(oid) || (await below.objects.has(oid)),
    write: async (batch) => {
      const oids = await hasher.write(batch);
      for (const [index, oid] of oids.entries()) {
        const object = batch[index];
        if (object !== undefined) added.set(oid, object);
      }
      return oids;
    },
    findByPrefix: (prefix) => below.objects.findByPrefix(prefix),
  };
  return {
    store: { ...below, objects },
    publish: async () => {
      await below.objects.write([...added.values()]);
      added.clear();
    },
  };
}
