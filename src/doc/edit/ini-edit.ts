/** Edits of INI. */
import { ConfigError } from '../../errors.js';
import { editedDocument, type ConfigDocument } from '../document.js';
import { equalValues, isList, isMap } from '../equal.js';
import { findPart } from '../ini/place.js';
import { iniView, type IniPart, type IniScalar } from '../ini/view.js';
import { formatKeyPath } from '../key-path.js';
import { notFound } from '../read.js';
import type { Entry, MapEntry } from '../tree.js';
import type { ConfigObject, ConfigScalar, ConfigValue, KeyPath } from '../types.js';
import { objectOf, treeValue } from '../value.js';
import { iniScalar } from '../write/ini.js';
import type { Editable, SetOptions } from './editable.js';
import {
  afterEntry,
  delimiterOf,
  dialect,
  insertLines,
  newLines,
  newSection,
  notKey,
  notSection,
} from './ini-insert.js';
import { removePart } from './ini-remove.js';
import { applySplices, type Splice } from './splice.js';
import { entryEnd, headEnd } from './target.js';
import { withChange } from './with-change.js';

/** An INI document with a value set. Maps are sections, lists are `k[]`. */
export function setInIni(
  edit: Editable,
  path: KeyPath,
  value: ConfigValue,
  options: SetOptions,
): ConfigDocument {
  const names = namesOf(path);
  const part = findPart(iniView(edit.tree), path);
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  if (isNumber && options.source !== undefined) return setInIni(edit, path, options.source, { ...options });
  if (isMap(value)) return setMap(edit, path, { value, part, options });
  if (part?.kind === 'section') throw notKey(path);
  if (part?.kind === 'scalar' && !isList(value)) {
    return checked(edit, replaceScalar(edit, part, { value, path, options }), { path, value });
  }
  const cleared = part ? unsetInIni(edit, path) : edit.doc;
  if (part && cleared.tree) return setInIni({ doc: cleared, tree: cleared.tree }, path, value, options);
  return checked(edit, [insertLines(edit, names, value)], { path, value });
}

/** An INI document with an item added to a list. */
export function appendInIni(edit: Editable, path: KeyPath, value: ConfigValue): ConfigDocument {
  const part = findPart(iniView(edit.tree), path);
  if (part?.kind === 'section') throw notKey(path);
  if (!part) return setInIni(edit, path, [value], {});
  const items = part.kind === 'list' ? part.items : [part];
  const last = items.at(-1)?.entry;
  if (!last) throw notFound(edit.doc, path);
  const line = newLines(edit, last, { name: last.key.name, value: [value] });
  const old = items.map(({ node }) => node.value);
  return checked(edit, [[afterEntry(edit, last, line)]], { path, value: [...old, value] });
}

/** An INI document without a key or a section. */
export function unsetInIni(edit: Editable, path: KeyPath): ConfigDocument {
  const part = findPart(iniView(edit.tree), path);
  if (!part || path.length === 0) throw notFound(edit.doc, path);
  const splices = removePart(edit, part, namesOf(path));
  return checked(edit, [splices], { path, value: undefined });
}

interface MapChange {
  readonly value: ConfigObject;
  readonly part: IniPart | undefined;
  readonly options: SetOptions;
}

/** Key by key, so that what does not change stays as it is written. */
function setMap(edit: Editable, path: KeyPath, { value, part, options }: MapChange): ConfigDocument {
  if (part && part.kind !== 'section') throw notSection(path);
  let doc = part || path.length === 0 ? edit.doc : addSection(edit, namesOf(path));
  for (const name of part ? part.children.keys() : []) {
    if (!Object.hasOwn(value, name)) doc = unsetInIni(editableOf(doc), [...path, name]);
  }
  for (const [name, item] of Object.entries(value))
    doc = setInIni(editableOf(doc), [...path, name], item, options);
  return doc;
}

function editableOf(doc: ConfigDocument): Editable {
  if (!doc.tree) throw new ConfigError('E_INTERNAL', 'an edited document has no tree');
  return { doc, tree: doc.tree };
}

function addSection(edit: Editable, names: readonly string[]): ConfigDocument {
  return checked(edit, [[newSection(edit, names, '')]], { path: names, value: {} });
}

interface ScalarChange {
  readonly value: ConfigScalar;
  readonly path: KeyPath;
  readonly options: SetOptions;
}

function replaceScalar(
  edit: Editable,
  { entry, node }: IniScalar,
  { value, path, options }: ScalarChange,
): Splice[][] {
  const context = { ...dialect(edit), indent: entry.indent, style: node.style };
  const typed = options.source === undefined || typeof value === 'string' ? [] : [options.source];
  const texts = [...typed, iniScalar(value, context)];
  const like = likeText(edit, entry, { value, path, options });
  return [...(like ? [[like]] : []), ...texts.map((text) => [overValue(edit, entry, text)])];
}

function overValue(edit: Editable, entry: MapEntry, text: string): Splice {
  const { value } = entry;
  const { offset: start, end } = value;
  if (value.kind === 'scalar' && value.style === 'flag')
    return { start, end, text: delimiterOf(edit, entry) + text };
  const space = start === headEnd(entry) && /(?:\s=|:)$/.test(entry.head) ? ' ' : '';
  return { start, end, text: space + text };
}

/** The value as it is written in another document, when it is the same there. */
function likeText(
  edit: Editable,
  entry: MapEntry,
  { value, path, options: { like } }: ScalarChange,
): Splice | undefined {
  const part = like?.tree?.format === 'ini' ? findPart(iniView(like.tree), path) : undefined;
  if (!like || part?.kind !== 'scalar' || !equalValues(part.node.value, normal(value))) return undefined;
  const other = part.entry;
  const text = like.text.slice(headStart(other) + other.key.text.length, entryEnd(other));
  return { start: headStart(entry) + entry.key.text.length, end: entryEnd(entry), text };
}

function headStart({ offset, lead, indent }: Entry): number {
  return offset + lead.length + indent.length;
}

function namesOf(path: KeyPath): string[] {
  return path.map((segment) => {
    if (typeof segment !== 'object') return String(segment);
    throw new ConfigError('E_BAD_PATH', `INI has no list of maps for '${formatKeyPath(path)}'`);
  });
}

/** A value as INI reads it back: numbers are text. */
function normal(value: ConfigValue): ConfigValue {
  if (isList(value)) return value.map(normal);
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
}

/** The first attempt whose text reads as the old value with the change. */
function checked(
  { doc, tree }: Editable,
  attempts: readonly (readonly Splice[])[],
  { path, value }: { readonly path: KeyPath; readonly value: ConfigValue | undefined },
): ConfigDocument {
  const expected = withChange(treeValue(tree), path, value === undefined ? undefined : normal(value));
  for (const splices of attempts) {
    const result = editedDocument(doc, applySplices(doc.text, splices));
    if (result.tree && equalValues(pruned(treeValue(result.tree)), pruned(expected))) return result;
  }
  const message = `cannot change '${formatKeyPath(path)}': the lines below it would be read as its value`;
  throw new ConfigError('E_INVALID', message, {
    hint: 'edit the file by hand: give those lines less indentation',
  });
}

/** Without empty collections: INI has none but sections, and the `a` of `[a.b]` is there only as long as its child is. */
function pruned(value: ConfigValue): ConfigValue {
  if (!isMap(value)) return value;
  const fields = Object.entries(value).map(([name, item]) => [name, pruned(item)] as const);
  return objectOf(fields.filter(([, item]) => !isEmpty(item)));
}

function isEmpty(value: ConfigValue): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
