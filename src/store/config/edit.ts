/** Edits the text of a Git configuration file so that every byte stays that the edit is not about. Pure; texts may be byte strings. */
import { ConfigError } from '../../errors.js';
import type { ConfigEdit } from '../types.js';
import { scanConfig, type ConfigItem, type EntryItem } from './parse.js';

/** The text with the edits made one after the other. Throws E_CORRUPT (the text does not parse), E_USAGE (no such name can be written). */
export function editConfig(text: string, path: string, edits: readonly ConfigEdit[]): string {
  return edits.reduce((now, edit) => applyEdit(now, path, edit), text);
}

type VariableEdit = Exclude<ConfigEdit, { rename: string | null }>;

function applyEdit(text: string, path: string, edit: ConfigEdit): string {
  const items = scanConfig(text, path);
  if ('rename' in edit) return withSection(text, items, edit);
  checkVariable(edit);
  const name = `${sectionOf(edit)}.${edit.key.toLowerCase()}`;
  const all = items.filter((item): item is EntryItem => item.kind === 'entry' && item.name === name);
  if ('instead' in edit)
    return all
      .filter(({ value }) => value === edit.instead)
      .reduceRight(
        (now, { start, end }) => now.slice(0, start) + entryText(edit, edit.value) + now.slice(end),
        text,
      );
  const last = all.at(-1);
  if (edit.value === null) return all.length === 0 ? text : withoutEntries(text, path, { found: all, edit });
  if (last === undefined) return withNewEntry(text, items, edit);
  const rest = all.slice(0, -1);
  const written = entryText(edit, edit.value);
  const replaced = last.value === edit.value ? text.slice(last.start, last.end) : written;
  return cut(text.slice(0, last.start), rest) + replaced + text.slice(last.end);
}

/** git: config.c takes letters, digits and dashes; a subsection anything but a line break and NUL. */
function checkVariable(edit: VariableEdit): void {
  const { section, key, value } = edit;
  checkSection(edit);
  if (/^[A-Za-z0-9-]+$/.test(section) && /^[A-Za-z][A-Za-z0-9-]*$/.test(key) && !value?.includes('\0'))
    return;
  throw unwritable(`${sectionOf(edit)}.${key}`);
}

function checkSection({ section, subsection }: Section): void {
  if (/[\n\0]/.test(subsection)) throw unwritable(`${section}.${subsection}`);
}

function unwritable(name: string): ConfigError {
  return new ConfigError('E_USAGE', `Git's configuration cannot hold '${name}'`);
}

type Section = Pick<ConfigEdit, 'section' | 'subsection'>;

function sectionOf({ section, subsection }: Section): string {
  return `${section.toLowerCase()}.${subsection}`;
}

function headerText({ section, subsection }: Section): string {
  return `[${section} "${subsection.replaceAll(/["\\]/g, '\\$&')}"]`;
}

/** With another header wherever the section stands, or without it and its entries; comments among them stay. */
function withSection(
  text: string,
  items: readonly ConfigItem[],
  edit: Extract<ConfigEdit, { rename: string | null }>,
): string {
  const own = items.filter((item) => item.section === sectionOf(edit));
  if (edit.rename === null) return cut(text, own);
  const renamed = { section: edit.section, subsection: edit.rename };
  checkSection(renamed);
  const headers = own.filter(({ kind }) => kind === 'section');
  return headers.reduceRight(
    (now, { start, end }) => now.slice(0, start) + headerText(renamed) + now.slice(end),
    text,
  );
}

function withNewEntry(text: string, items: readonly ConfigItem[], edit: VariableEdit): string {
  const eol = /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
  const line = `\t${entryText(edit, edit.value ?? '')}`;
  const before = items.findLast((item) => item.section === sectionOf(edit));
  if (before === undefined) {
    const gap = text === '' || text.endsWith('\n') ? '' : eol;
    return `${text}${gap}${headerText(edit)}${eol}${line}${eol}`;
  }
  const end = lineEnd(text, before.end);
  const isLast = end === text.length && !text.endsWith('\n');
  return `${text.slice(0, end)}${isLast ? eol : ''}${line}${eol}${text.slice(end)}`;
}

/** In quotes where blanks at an end, a comment sign or a carriage return would be lost (git: config.c, write_pair). */
function entryText({ key }: VariableEdit, value: string): string {
  const escaped = value
    .replaceAll(/["\\]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\b', '\\b');
  return /^\s|\s$|[;#\r]/.test(value) ? `${key} = "${escaped}"` : `${key} = ${escaped}`;
}

function withoutEntries(
  text: string,
  path: string,
  { found, edit }: { readonly found: readonly EntryItem[]; readonly edit: VariableEdit },
): string {
  const left = cut(text, found);
  const items = scanConfig(left, path);
  const empty = items.filter((item, at) => {
    if (item.kind !== 'section' || item.section !== sectionOf(edit)) return false;
    const next = items[at + 1];
    return next?.kind !== 'entry' && /^[ \t\r\n]*$/.test(left.slice(item.end, next?.start ?? left.length));
  });
  return cut(left, empty);
}

/** The text without some items: whole lines where nothing else stands on them. */
function cut(text: string, items: readonly ConfigItem[]): string {
  return items.reduceRight((now, { start, end }) => {
    const from = now.lastIndexOf('\n', start - 1) + 1;
    const to = lineEnd(now, end);
    const isWholeLine = /^[ \t]*$/.test(now.slice(from, start)) && /^[ \t\r\n]*$/.test(now.slice(end, to));
    return isWholeLine ? now.slice(0, from) + now.slice(to) : now.slice(0, start) + now.slice(end);
  }, text);
}

/** After the line break of the line that `offset` is on. */
function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}
