/** Values of a document, and where they are written. */
import { ConfigError } from '../errors.js';
import type { ConfigDocument } from './document.js';
import type { ConfigValue, KeyPath, SourceRange } from './types.js';

/** A scalar (or an empty collection) of a document. */
export interface Leaf {
  readonly path: KeyPath;
  readonly value: ConfigValue;
  readonly range: SourceRange;
}

const later = (...given: unknown[]): never => {
  void given;
  throw new ConfigError('E_INTERNAL', 'not there yet');
};

export function valueOf(doc: ConfigDocument): ConfigValue {
  return later(doc);
}
export function getValue(doc: ConfigDocument, path: KeyPath): ConfigValue | undefined {
  return later(doc, path);
}
export function hasPath(doc: ConfigDocument, path: KeyPath): boolean {
  return later(doc, path);
}
export function locate(
  doc: ConfigDocument,
  path: KeyPath,
  part: 'key' | 'value' | 'entry' = 'value',
): SourceRange | undefined {
  return later(doc, path, part);
}
export function leaves(doc: ConfigDocument): readonly Leaf[] {
  return later(doc);
}
