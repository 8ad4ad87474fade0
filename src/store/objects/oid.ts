/** Object ids: SHA-1 over `type size NUL content`. */
import type { ObjectType, Oid } from '../types.js';

/** The all-zero id: "no object" in reflogs. */
export const zeroOid: Oid = '0'.repeat(40);

/** The tree without entries; Git knows it even where it was never written. */
export const emptyTreeOid: Oid = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

export function isOid(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

export function objectHeader(type: ObjectType, size: number): Buffer {
  return Buffer.from(`${type} ${size}\0`, 'latin1');
}

/** One call of the hash is fastest for small objects; a large one is not copied for it. */
const copyLimitBytes = 65_536;

type Crypto = typeof import('node:crypto');

let loaded: Crypto | undefined;

/** Loaded for the first id: a store in memory is part of the library, and most programs never ask for one. */
function crypto(): Crypto {
  return (loaded ??= process.getBuiltinModule('node:crypto'));
}

/** The id of an object. */
export function objectOid(type: ObjectType, data: Uint8Array): Oid {
  const header = objectHeader(type, data.length);
  if (data.length <= copyLimitBytes) return crypto().hash('sha1', Buffer.concat([header, data]), 'hex');
  return crypto().createHash('sha1').update(header).update(data).digest('hex');
}

/** A view of the same bytes as a Buffer; nothing is copied. */
export function bufferOf(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
