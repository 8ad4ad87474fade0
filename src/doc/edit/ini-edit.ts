/** Edits of INI. */
import { ConfigError } from '../../errors.js';
import { parseDocument, type ConfigDocument } from '../document.js';
import { equalValues, isList, isMap } from '../equal.js';
import { dialectOf } from '../format.js';
import { findPart } from '../ini/place.js';
import { iniView, type IniPart, type IniScalar, type IniSection } from '../ini/view.js';
import { formatKeyPath } from '../key-path.js';
import { notFound } from '../read.js';
import type { DocumentTree, Entry, MapEntry } from '../tree.js';
import type { ConfigObject, ConfigScalar, ConfigValue, KeyPath } from '../types.js';
import { objectOf, treeValue } from '../value.js';
import { iniHeader, iniLines, iniScalar } from '../write/ini.js';
import { applySplices, type Splice } from './splice.js';
import { entryEnd, headEnd } from './target.js';
import type { Editable, SetOptions } from './tree-edit.js';

/** An INI document with a value set. Maps are sections, lists are `k[]`. */
export function setInIni(
  edit: Editable,
  path: KeyPath,
  value: ConfigValue,
  options: SetOptions,
): ConfigDocument {
  const names = namesOf(path);
  const part = findPart(iniView(edit.tree), path);
  if (isMap(value)) return setMap(edit, path, { value, part, options });
  if (part?.kind === 'section') throw notA(path, 'a section');
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
  if (part?.kind === 'section') throw notA(path, 'a section');
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
  const entries = entriesOf(edit, part, namesOf(path));
  const splices = merged(entries.map((entry) => removal(edit, entry)));
  return checked(edit, [splices], { path, value: undefined });
}

/** All entries that make a part: every section of its name and below it, every occurrence of its key. */
function entriesOf(edit: Editable, part: IniPart, names: readonly string[]): readonly Entry[] {
  if (part.kind === 'section') return headersBelow(part);
  const root = edit.tree.documents[0]?.value;
  const parent = names.slice(0, part.kind === 'scalar' && isItem(edit, names) ? -2 : -1);
  if (part.kind === 'scalar' && isItem(edit, names)) return [part.entry];
  const name = names.at(-1);
  const sections = root?.kind === 'map' ? root.entries : [];
  return sections.flatMap((entry): readonly MapEntry[] => {
    if (entry.value.kind === 'scalar') return parent.length === 0 && entry.key.name === name ? [entry] : [];
    const isParent = entry.value.kind === 'map' && samePath(entry.key.path ?? [], parent);
    return isParent && entry.value.kind === 'map'
      ? entry.value.entries.filter(({ key }) => key.name === name)
      : [];
  });
}

function isItem({ tree }: Editable, names: readonly string[]): boolean {
  return findPart(iniView(tree), names.slice(0, -1))?.kind === 'list';
}

function headersBelow(part: IniSection): Entry[] {
  const below = [...part.children.values()].flatMap((child) =>
    child.kind === 'section' ? headersBelow(child) : [],
  );
  return [...part.headers, ...below];
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}

function removal({ doc: { text }, tree }: Editable, entry: Entry): Splice {
  const end = entryEnd(entry) + blankBehindRoot(tree, entry);
  const start = isOnly(tree, entry) ? entry.offset + entry.lead.length : entry.offset;
  const isLast = end === text.length && !text.endsWith('\n') && start > 0 && text[start - 1] === '\n';
  return { start: isLast ? start - (text[start - 2] === '\r' ? 2 : 1) : start, end, text: '' };
}

/** Whether a file has no other entry; the comments above the only one are those of the file. */
function isOnly({ documents }: DocumentTree, entry: Entry): boolean {
  const root = documents[0]?.value;
  return root?.kind === 'map' && root.entries.length === 1 && root.entries[0] === entry;
}

/** The length of the blank line between the only key without a section and the first section: it goes with the key. */
function blankBehindRoot({ documents }: DocumentTree, entry: Entry): number {
  const root = documents[0]?.value;
  const [first, second] = root?.kind === 'map' ? root.entries : [];
  if (first !== entry || first.value.kind !== 'scalar' || second?.value.kind !== 'map') return 0;
  return /^[^\S\r\n]*(?:\r\n|\n|\r)/.exec(second.lead)?.[0].length ?? 0;
}

function merged(splices: readonly Splice[]): Splice[] {
  const out: Splice[] = [];
  for (const splice of splices.toSorted((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (last && splice.start < last.end)
      out[out.length - 1] = { ...last, end: Math.max(last.end, splice.end) };
    else out.push(splice);
  }
  return out;
}

interface MapChange {
  readonly value: ConfigObject;
  readonly part: IniPart | undefined;
  readonly options: SetOptions;
}

/** Key by key, so that what does not change stays as it is written. */
function setMap(edit: Editable, path: KeyPath, { value, part, options }: MapChange): ConfigDocument {
  if (part && part.kind !== 'section') throw notA(path, 'a key');
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

/** New lines at the end of a section, or the section with them. */
function insertLines(edit: Editable, names: readonly string[], value: ConfigValue): Splice[] {
  const section = names.slice(0, -1);
  const name = names.at(-1) ?? '';
  const found = findPart(iniView(edit.tree), section);
  if (found && found.kind !== 'section') throw notA(section, 'a key');
  const last = lastKey(edit, found, section.length === 0);
  if (last) return [afterEntry(edit, last, newLines(edit, last, { name, value }))];
  const line = iniLines(name, value, { ...dialect(edit), delimiter: delimiterOf(edit, undefined) });
  const header = found?.headers.at(-1);
  if (header) return [afterHeader(edit, header, line)];
  return [section.length === 0 ? beforeSections(edit, line) : newSection(edit, section, line)];
}

/** The last key of a section, in the last of its parts that has one. */
function lastKey({ tree }: Editable, found: IniSection | undefined, isRoot: boolean): MapEntry | undefined {
  const root = tree.documents[0]?.value;
  if (isRoot && root?.kind === 'map') return root.entries.findLast(({ value }) => value.kind === 'scalar');
  const parts = found?.headers.map(({ value }) => value) ?? [];
  return parts.flatMap((value) => (value.kind === 'map' ? value.entries.slice(-1) : [])).at(-1);
}

/** Lines that look like those of an entry. */
function newLines(
  edit: Editable,
  like: MapEntry,
  { name, value }: { name: string; value: ConfigValue },
): string {
  const lines = iniLines(name, value, { ...dialect(edit), delimiter: delimiterOf(edit, like) });
  return lines.replace(/^(?=[^\r\n])/gm, like.indent);
}

/** The delimiter with its spaces, as the entry has it, or else as the first entry of the file that has one. */
function delimiterOf({ tree }: Editable, like: MapEntry | undefined): string {
  const root = tree.documents[0]?.value;
  const all =
    root?.kind === 'map'
      ? root.entries.flatMap((entry) => (entry.value.kind === 'map' ? entry.value.entries : [entry]))
      : [];
  const found = [...(like ? [like] : []), ...all].find(({ key, head }) => head.length > key.text.length);
  if (!found) return ' = ';
  const delimiter = found.head.slice(found.key.text.length);
  const isEmpty = found.value.kind === 'scalar' && found.value.text === '';
  const after = isEmpty ? (delimiter.length > 1 ? ' ' : '') : found.value.open;
  const space = delimiter.endsWith(':') || after.length > 1 ? ' ' : after;
  return `${delimiter.length > 2 ? ` ${delimiter.trim()}` : delimiter}${space}`;
}

function afterEntry({ doc: { text }, tree: { eol } }: Editable, entry: Entry, lines: string): Splice {
  const at = entryEnd(entry);
  return {
    start: at,
    end: at,
    text: /[\r\n]$/.test(text.slice(0, at)) ? lines : eol + withoutLast(lines, eol),
  };
}

function afterHeader({ doc: { text }, tree: { eol } }: Editable, header: MapEntry, lines: string): Splice {
  const at = headEnd(header) + header.value.open.length;
  return {
    start: at,
    end: at,
    text: /[\r\n]$/.test(text.slice(0, at)) ? lines : eol + withoutLast(lines, eol),
  };
}

function withoutLast(lines: string, eol: string): string {
  return lines.endsWith(eol) ? lines.slice(0, -eol.length) : lines;
}

/** The first key without a section stands above all sections. */
function beforeSections({ tree, doc: { text } }: Editable, lines: string): Splice {
  const at = tree.bom.length + (tree.documents[0]?.head.length ?? 0);
  const root = tree.documents[0]?.value;
  const first = root?.kind === 'map' ? root.entries[0] : undefined;
  if (first) return { start: at, end: at, text: lines + tree.eol };
  const ended = at === text.length || /[\r\n]$/.test(text);
  return { start: text.length, end: text.length, text: (ended ? '' : tree.eol) + lines };
}

/** A section at the end of the file, behind a blank line. */
function newSection(edit: Editable, names: readonly string[], lines: string): Splice {
  const { doc, tree } = edit;
  const { eol } = tree;
  const at = doc.text.length;
  const isEmpty = at === tree.bom.length;
  const isEnded = isEmpty || /[\r\n]$/.test(doc.text);
  const blank = isEmpty || /(?:^|\n|\r)[ \t]*(?:\r\n|\n|\r)$/.test(doc.text) ? '' : eol;
  const section = `${iniHeader(names, dialect(edit).python)}${eol}${lines}`;
  return {
    start: at,
    end: at,
    text: (isEnded ? '' : eol) + blank + (isEnded ? section : withoutLast(section, eol)),
  };
}

function dialect({ doc, tree }: Editable): { readonly python: boolean; readonly eol: string } {
  return { python: dialectOf('ini', doc.options.path) === 'python', eol: tree.eol };
}

function namesOf(path: KeyPath): string[] {
  return path.map((segment) => {
    if (typeof segment !== 'object') return String(segment);
    throw new ConfigError('E_BAD_PATH', `INI has no list of maps for '${formatKeyPath(path)}'`);
  });
}

function notA(path: KeyPath, what: string): ConfigError {
  return new ConfigError('E_BAD_PATH', `'${formatKeyPath(path)}' is ${what}`, {
    hint: 'unset it first, or name a key in it',
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
    const result = parseDocument(applySplices(doc.text, splices), { ...doc.options, format: 'ini' });
    if (result.tree && equalValues(pruned(treeValue(result.tree)), pruned(expected))) {
      return { ...result, options: doc.options, origin: doc.origin ?? doc };
    }
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

function withChange(
  old: ConfigValue | undefined,
  path: KeyPath,
  value: ConfigValue | undefined,
): ConfigValue {
  const [first, ...rest] = path;
  if (first === undefined) return value ?? null;
  if (old !== undefined && isList(old)) {
    return old.flatMap((item, index) =>
      index === Number(first) ? (value === undefined ? [] : [value]) : [item],
    );
  }
  const fields = Object.entries(old !== undefined && isMap(old) ? old : {});
  const name = typeof first === 'object' ? '' : String(first);
  const others = fields.filter(([key]) => key !== name);
  if (rest.length === 0) return objectOf(value === undefined ? others : [...others, [name, value]]);
  const child = fields.find(([key]) => key === name)?.[1];
  return objectOf([...others, [name, withChange(child, rest, value)]]);
}
