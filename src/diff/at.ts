import type { ConfigDocument, ConfigValue, KeyPath } from '../doc/index.js';
import { identityText, nodeAt } from './node.js';

/** One value of a document, ready to be compared with the same key of other versions. */
export interface ComparableValue {
  readonly value: ConfigValue;
  /** Equal texts mean equal values: the order of keys does not count, the way a number is written does. */
  readonly identity: string;
}

/** The value at a path; undefined where there is none. Throws E_INVALID when the document has no value. */
export function comparableAt(document: ConfigDocument, path: KeyPath): ComparableValue | undefined {
  const node = nodeAt(document, path);
  return node && { value: node.value, identity: identityText(node) };
}
