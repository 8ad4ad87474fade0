/** Objects of a store by what they are. */
import { ConfigError } from '../../errors.js';
import { andThen } from '../awaitable.js';
import type { Awaitable, Commit, ObjectType, Oid, RawObject, Store, Tag } from '../types.js';
import { parseCommit, parseTag } from './codec.js';

/** What the readers need of a store. */
export type ObjectSource = Pick<Store, 'objects'>;

/** The content of an object that must be of `type`. Throws E_OBJECT_MISSING, E_CORRUPT (also for another type). */
export function readTyped(store: ObjectSource, oid: Oid, type: ObjectType): Awaitable<Uint8Array> {
  return andThen(store.objects.read(oid), (object) => dataOf(object, oid, type));
}

/** The same for one of very many, of which the caller keeps what it needs: a store that kept them all would be busy forgetting them. */
export function readOnce(store: ObjectSource, oid: Oid, type: ObjectType): Awaitable<Uint8Array> {
  const object = store.objects.read(oid, once);
  return object instanceof Promise
    ? object.then((found) => dataOf(found, oid, type))
    : dataOf(object, oid, type);
}

const once = { once: true };

function dataOf(object: RawObject, oid: Oid, type: ObjectType): Uint8Array {
  if (object.type === type) return object.data;
  throw new ConfigError('E_CORRUPT', `object '${oid}' is a ${object.type}, not a ${type}`, {
    details: { oid, type: object.type, expected: type },
  });
}

/** Throws E_OBJECT_MISSING, E_CORRUPT. */
export async function readCommit(store: ObjectSource, oid: Oid): Promise<Commit> {
  return parseCommit(await readTyped(store, oid, 'commit'));
}

/** Throws E_OBJECT_MISSING, E_CORRUPT. */
export async function readTag(store: ObjectSource, oid: Oid): Promise<Tag> {
  return parseTag(await readTyped(store, oid, 'tag'));
}

/** The bytes of a file. Throws E_OBJECT_MISSING, E_CORRUPT. */
export async function readBlob(store: ObjectSource, oid: Oid): Promise<Uint8Array> {
  return readTyped(store, oid, 'blob');
}
