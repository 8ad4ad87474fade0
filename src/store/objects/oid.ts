/** Object ids: SHA-1 over `type size NUL content`. */
import { createHash, hash } from 'node:crypto';
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

/** The id of an object. */
export function objectOid(type: ObjectType, data: Uint8Array): Oid {
  const header = objectHeader(type, data.length);
  if (data.length <= copyLimitBytes) return hash('sha1', Buffer.concat([header, data]), 'hex');
  return createHash('sha1').update(header).update(data).digest('hex');
}

/** A view of the same bytes as a Buffer; nothing is copied. */
export function bufferOf(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
