/** One scalar of plain YAML set, the most frequent edit of all, without taking the text apart. */
import { editedDocument, untakenValue, validValue, type ConfigDocument } from '../document.js';
import { equalValues, isScalar } from '../equal.js';
import { lookup } from '../lookup.js';
import type { ConfigValue, KeyPath } from '../types.js';
import { untakenScalar } from '../untaken.js';
import { yamlScalar } from '../write/yaml-scalar.js';
import type { SetOptions } from './editable.js';
import { styleOf } from './one-scalar.js';
import { withChange } from './with-change.js';

/** What `setInTree` makes of the document (a test compares them); undefined where that needs another look. */
export function setPlainScalar(
  doc: ConfigDocument,
  path: KeyPath,
  { value, options }: { readonly value: ConfigValue; readonly options: SetOptions },
): ConfigDocument | undefined {
  if (!isScalar(value)) return undefined;
  const [whole, old] = [untakenValue(doc), untakenScalar(doc, path)];
  if (whole === undefined || old === undefined) return undefined;
  if (equalValues(old.value, value)) return doc;
  if (mayHave(options.like, path, value)) return undefined;
  const isTyped = options.source !== undefined && typeof value !== 'string';
  const text = isTyped ? options.source : yamlScalar(value, { flow: false, style: old.style });
  if (styleOf(text, value, 'yaml') === undefined) return undefined;
  const edited = editedDocument(doc, doc.text.slice(0, old.offset) + text + doc.text.slice(old.end));
  const actual = untakenValue(edited);
  return actual !== undefined && equalValues(actual, withChange(whole, path, value)) ? edited : undefined;
}

/** Whether another document has the value there, so that its way to write it has to be looked at. */
function mayHave(like: ConfigDocument | undefined, path: KeyPath, value: ConfigValue): boolean {
  if (like === undefined) return false;
  const whole = validValue(like);
  const there = whole && lookup(whole, path);
  return whole === undefined || (there !== undefined && equalValues(there, value));
}
