/** Edits: a new document in which only the bytes of one key differ. */
import { ConfigError } from '../errors.js';
import type { ConfigDocument } from './document.js';
import type { ConfigValue, KeyPath } from './types.js';

const later = (...given: unknown[]): never => {
  void given;
  throw new ConfigError('E_INTERNAL', 'not there yet');
};

export function setValue(doc: ConfigDocument, path: KeyPath, value: ConfigValue): ConfigDocument {
  return later(doc, path, value);
}
export function unsetValue(doc: ConfigDocument, path: KeyPath): ConfigDocument {
  return later(doc, path);
}
export function appendValue(doc: ConfigDocument, path: KeyPath, value: ConfigValue): ConfigDocument {
  return later(doc, path, value);
}
