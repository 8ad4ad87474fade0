/** One scalar of plain YAML set, the most frequent edit of all, without taking the text apart. */
import { editedDocument, untakenValue, validValue, type ConfigDocument } from '../document.js';
import { equalValues, isScalar } from '../equal.js';
import { lookup } from '../lookup.js';
import type { ConfigValue, KeyPath } from '../types.js';
import { untakenScalar } from '../untaken.js';
import { blockFrom, lineAfter, type PlainScalar } from '../yaml/plain-place.js';
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
  const { like, source } = options;
  const isTyped = source !== undefined && typeof value !== 'string';
  const own = isTyped ? source : yamlScalar(value, { flow: false, style: old.style });
  const text = like && mayHave(like, path, value) ? textIn(like, path, around(doc.text, old)) : own;
  if (text === undefined || styleOf(text, value, 'yaml') === undefined) return undefined;
  const edited = editedDocument(doc, doc.text.slice(0, old.offset) + text + doc.text.slice(old.end));
  const actual = untakenValue(edited);
  return actual !== undefined && equalValues(actual, withChange(whole, path, value)) ? edited : undefined;
}

/** Whether another document has the value there, so that its way to write it counts. */
function mayHave(like: ConfigDocument, path: KeyPath, value: ConfigValue): boolean {
  const whole = validValue(like);
  const there = whole && lookup(whole, path);
  return whole === undefined || (there !== undefined && equalValues(there, value));
}

/** The scalar as it is written in another document where all around it is the same; undefined where more would have to change. */
function textIn(like: ConfigDocument, path: KeyPath, present: string): string | undefined {
  const other = untakenScalar(like, path);
  return other && around(like.text, other) === present ? other.text : undefined;
}

/** What belongs to the key of a scalar: its line, and what stands before the next one. */
function around(text: string, { offset, end }: Pick<PlainScalar, 'offset' | 'end'>): string {
  const line = text.lastIndexOf('\n', offset - 1) + 1;
  const next = blockFrom(text, lineAfter(text, end))?.from;
  return `${text.slice(line, offset)}\n${text.slice(end, next)}`;
}
