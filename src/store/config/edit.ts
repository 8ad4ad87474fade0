/** Edits the text of a Git configuration file so that every byte stays that the edit is not about. Pure; texts may be byte strings. */
import { ConfigError } from '../../errors.js';
import type { ConfigEdit } from '../types.js';
import { scanConfig, type ConfigItem, type EntryItem } from './parse.js';

/** The text with the edits made one after the other. Throws E_CORRUPT (the text does not parse), E_USAGE (no such name can be written). */
export function editConfig(text: string, path: string, edits: readonly ConfigEdit[]): string {
  return edits.reduce((now, edit) => applyEdit(now, path, edit), text);
}

function applyEdit(text: string, path: string, edit: ConfigEdit): string {
  checkVariable(edit);
  const items = scanConfig(text, path);
  const name = `${sectionOf(edit)}.${edit.key.toLowerCase()}`;
  const found = items.filter((item): item is EntryItem => item.kind === 'entry' && item.name === name);
  const last = found.at(-1);
  if (edit.value === null) return found.length === 0 ? text : withoutEntries(text, path, { found, edit });
  if (last === undefined) return withNewEntry(text, items, edit);
  const rest = found.slice(0, -1);
  const written = entryText(edit, edit.value);
  const replaced = last.value === edit.value ? text.slice(last.start, last.end) : written;
  return cut(text.slice(0, last.start), rest) + replaced + text.slice(last.end);
}

/** git: config.c takes letters, digits and dashes; a subsection anything but a line break and NUL. */
function checkVariable({ section, subsection, key, value }: ConfigEdit): void {
  const isWritable =
    /^[A-Za-z0-9-]+$/.test(section) &&
    /^[A-Za-z][A-Za-z0-9-]*$/.test(key) &&
    !/[\n\0]/.test(subsection) &&
    !value?.includes('\0');
  if (isWritable) return;
  throw new ConfigError('E_USAGE', `Git's configuration cannot hold '${section}.${subsection}.${key}'`);
}

function sectionOf({ section, subsection }: ConfigEdit): string {
  return `${section.toLowerCase()}.${subsection}`;
}

function withNewEntry(text: string, items: readonly ConfigItem[], edit: ConfigEdit): string {
  const eol = /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
  const line = `\t${entryText(edit, edit.value ?? '')}`;
  const before = items.findLast((item) => item.section === sectionOf(edit));
  if (before === undefined) {
    const gap = text === '' || text.endsWith('\n') ? '' : eol;
    const subsection = edit.subsection.replaceAll(/["\\]/g, '\\$&');
    return `${text}${gap}[${edit.section} "${subsection}"]${eol}${line}${eol}`;
  }
  const end = lineEnd(text, before.end);
  const isLast = end === text.length && !text.endsWith('\n');
  return `${text.slice(0, end)}${isLast ? eol : ''}${line}${eol}${text.slice(end)}`;
}

/** The value in quotes always: then neither blanks, comment signs nor line breaks can mean anything. */
function entryText({ key }: ConfigEdit, value: string): string {
  const escaped = value
    .replaceAll(/["\\]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\b', '\\b');
  return `${key} = "${escaped}"`;
}

function withoutEntries(
  text: string,
  path: string,
  { found, edit }: { readonly found: readonly EntryItem[]; readonly edit: ConfigEdit },
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
