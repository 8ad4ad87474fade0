/** Single values of plain YAML that nobody has taken apart yet. */
import { untakenValue, type ConfigDocument } from './document.js';
import { isScalar } from './equal.js';
import { lookup } from './lookup.js';
import type { ConfigScalar, KeyPath } from './types.js';
import { plainScalarAt, type PlainScalar } from './yaml/plain-place.js';

/** A scalar, and where it is written. */
export interface UntakenScalar extends PlainScalar {
  readonly value: ConfigScalar;
}

/** The scalar at a path of keys and indexes; undefined where the pieces of the document have to tell. Linear in the length of the text. */
export function untakenScalar(doc: ConfigDocument, path: KeyPath): UntakenScalar | undefined {
  const whole = untakenValue(doc);
  const value = whole === undefined || !isEntryPath(path) ? undefined : lookup(whole, path);
  if (value === undefined || !isScalar(value) || !isEntryPath(path)) return undefined;
  const place = plainScalarAt(doc.text, path);
  return place && { ...place, value };
}

function isEntryPath(path: KeyPath): path is readonly (string | number)[] {
  return path.every((segment) => typeof segment !== 'object');
}
