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

/** One call of the hash is fastest for small objects, which are put together here; a large one is not copied for it. */
const small = Buffer.alloc(65_536);
const mostHeaderBytes = 32;

type Crypto = typeof import('node:crypto');

let loaded: Crypto | undefined;

/** Loaded for the first id: a store in memory is part of the library, and most programs never ask for one. */
function crypto(): Crypto {
  return (loaded ??= process.getBuiltinModule('node:crypto'));
}

/** The id of an object. */
export function objectOid(type: ObjectType, data: Uint8Array): Oid {
  if (data.length > small.length - mostHeaderBytes)
    return crypto().createHash('sha1').update(objectHeader(type, data.length)).update(data).digest('hex');
  const start = small.write(`${type} ${data.length}\0`, 0, 'latin1');
  small.set(data, start);
  return crypto().hash('sha1', beginning(start + data.length), 'hex');
}

/** Views of the first bytes, which are asked for again and again. */
const beginnings: (Buffer | undefined)[] = Array.from({ length: 1024 });

function beginning(length: number): Buffer {
  if (length >= beginnings.length) return small.subarray(0, length);
  return (beginnings[length] ??= small.subarray(0, length));
}

/** A view of the same bytes as a Buffer; nothing is copied. */
export function bufferOf(data: Uint8Array): Buffer {
  return Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
