/** New lines of an INI file, which look like those that are there. */
import { ConfigError } from '../../errors.js';
import { dialectOf } from '../format.js';
import { findPart } from '../ini/place.js';
import { iniView, type IniSection } from '../ini/view.js';
import { formatKeyPath } from '../key-path.js';
import type { Entry, MapEntry } from '../tree.js';
import type { ConfigValue, KeyPath } from '../types.js';
import { iniHeader, iniLines } from '../write/ini.js';
import type { Editable } from './editable.js';
import type { Splice } from './splice.js';
import { entryEnd, headEnd } from './target.js';

/** New lines at the end of a section, or the section with them. */
export function insertLines(edit: Editable, names: readonly string[], value: ConfigValue): Splice[] {
  const section = names.slice(0, -1);
  const name = names.at(-1) ?? '';
  const found = findPart(iniView(edit.tree), section);
  if (found && found.kind !== 'section') throw notSection(section);
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
export function newLines(
  edit: Editable,
  like: MapEntry,
  { name, value }: { name: string; value: ConfigValue },
): string {
  const lines = iniLines(name, value, { ...dialect(edit), delimiter: delimiterOf(edit, like) });
  return lines.replace(/^(?=[^\r\n])/gm, like.indent);
}

/** The delimiter with its spaces, as the entry has it, or else as the first entry of the file that has one. */
export function delimiterOf({ tree }: Editable, like: MapEntry | undefined): string {
  const root = tree.documents[0]?.value;
  const all =
    root?.kind === 'map'
      ? root.entries.flatMap((entry) => (entry.value.kind === 'map' ? entry.value.entries : [entry]))
      : [];
  const found = [...(like ? [like] : []), ...all].find(({ key, head }) => head.length > key.text.length);
  if (!found) return ' = ';
  const delimiter = found.head.slice(found.key.text.length);
  const isBare = found.value.kind === 'scalar' && found.value.text === '';
  const after = isBare ? (delimiter.length > 1 ? ' ' : '') : found.value.open;
  const space = delimiter.endsWith(':') || after.length > 1 ? ' ' : after;
  return `${delimiter.length > 2 ? ` ${delimiter.trim()}` : delimiter}${space}`;
}

export function afterEntry({ doc: { text }, tree: { eol } }: Editable, entry: Entry, lines: string): Splice {
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
export function newSection(edit: Editable, names: readonly string[], lines: string): Splice {
  const { doc, tree } = edit;
  const { eol } = tree;
  const at = doc.text.length;
  const isNewFile = at === tree.bom.length;
  const isEnded = isNewFile || /[\r\n]$/.test(doc.text);
  const blank = isNewFile || /(?:^|\n|\r)[ \t]*(?:\r\n|\n|\r)$/.test(doc.text) ? '' : eol;
  const section = `${iniHeader(names, dialect(edit).python)}${eol}${lines}`;
  return {
    start: at,
    end: at,
    text: (isEnded ? '' : eol) + blank + (isEnded ? section : withoutLast(section, eol)),
  };
}

export function dialect({ doc, tree }: Editable): { readonly python: boolean; readonly eol: string } {
  return { python: dialectOf('ini', doc.options.path) === 'python', eol: tree.eol };
}

export function notKey(path: KeyPath): ConfigError {
  const name = formatKeyPath(path);
  return new ConfigError('E_BAD_PATH', `'${name}' is a section, not a key`, {
    hint: `name a key in it: '${name}.KEY'; or unset it first`,
  });
}

export function notSection(path: KeyPath): ConfigError {
  const name = formatKeyPath(path);
  return new ConfigError('E_BAD_PATH', `'${name}' is a key, not a section`, {
    hint: `it has one value and no keys below it: unset '${name}' first`,
  });
}
