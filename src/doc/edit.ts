/** Edits: a new document in which only the bytes of one key differ. */
import { ConfigError } from '../errors.js';
import type { ConfigDocument } from './document.js';
import type { Editable, SetOptions } from './edit/editable.js';
import { appendInTree, setInTree, unsetInTree } from './edit/tree-edit.js';
import { appendInIni, setInIni, unsetInIni } from './edit/ini-edit.js';
import { setPlainScalar } from './edit/plain-scalar.js';
import { settable } from './given.js';
import { valueOf } from './read.js';
import type { ConfigValue, KeyPath } from './types.js';

/**
 * The document with a value set at a key path; missing parents are made, and an index one past the end of a list adds an item. Comments,
 * quotes, indentation and every byte outside of the key stay; a value set back to what it was gets the bytes that it had. The
 * result is read again and compared before it is returned.
 *
 * @throws ConfigError `E_BAD_PATH` when the path leads through an alias or a scalar, `E_KEY_NOT_FOUND` for a list item that is not there, `E_INVALID`
 * when the document has no structure, no configuration (a date, a function) or the format cannot hold the value, or an anchor in use would be lost.
 */
export function setValue(
  doc: ConfigDocument,
  path: KeyPath,
  value: ConfigValue,
  options: SetOptions = {},
): ConfigDocument {
  const like = options.like ?? doc.origin;
  const all = like ? { ...options, like } : options;
  const given = settable(value, path);
  const plain = setPlainScalar(doc, path, { value: given, options: all });
  if (plain !== undefined) return plain;
  const edit = editable(doc);
  return doc.format === 'ini' ? setInIni(edit, path, given, all) : setInTree(edit, path, given, all);
}

/**
 * The document without a key: its line and the comments that belong to it. The last entry of a block collection leaves ` {}` or ` []`.
 *
 * @throws ConfigError `E_KEY_NOT_FOUND`, and as {@link setValue}.
 */
export function unsetValue(doc: ConfigDocument, path: KeyPath): ConfigDocument {
  const edit = editable(doc);
  return doc.format === 'ini' ? unsetInIni(edit, path) : unsetInTree(edit, path);
}

/**
 * The document with an item added at the end of a list; a missing list is made.
 *
 * @throws ConfigError as {@link setValue}.
 */
export function appendValue(doc: ConfigDocument, path: KeyPath, value: ConfigValue): ConfigDocument {
  const given = settable(value, path);
  const edit = editable(doc);
  return doc.format === 'ini' ? appendInIni(edit, path, given) : appendInTree(edit, path, given);
}

function editable(doc: ConfigDocument): Editable {
  if (doc.tree) return { doc, tree: doc.tree };
  valueOf(doc);
  throw new ConfigError('E_INTERNAL', 'a valid document has no tree');
}
