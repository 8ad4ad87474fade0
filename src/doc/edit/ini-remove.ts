/** INI entries taken out. */
import { findPart } from '../ini/place.js';
import { iniView, type IniPart, type IniSection } from '../ini/view.js';
import type { DocumentTree, Entry, MapEntry } from '../tree.js';
import type { Editable } from './editable.js';
import type { Splice } from './splice.js';
import { entryEnd } from './target.js';

/** Takes out a part of the value with everything that makes it. */
export function removePart(
  { doc: { text }, tree }: Editable,
  part: IniPart,
  names: readonly string[],
): readonly Splice[] {
  return joined(entriesOf(tree, part, names).map((entry) => removal(tree, text, entry)));
}

/** All entries that make a part: every section of its name and below it, every occurrence of its key. */
function entriesOf(tree: DocumentTree, part: IniPart, names: readonly string[]): readonly Entry[] {
  if (part.kind === 'section') return headersBelow(part);
  const root = tree.documents[0]?.value;
  const parent = names.slice(0, part.kind === 'scalar' && isItem(tree, names) ? -2 : -1);
  if (part.kind === 'scalar' && isItem(tree, names)) return [part.entry];
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

function isItem(tree: DocumentTree, names: readonly string[]): boolean {
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

function removal(tree: DocumentTree, text: string, entry: Entry): Splice {
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

function joined(splices: readonly Splice[]): Splice[] {
  const out: Splice[] = [];
  for (const splice of splices.toSorted((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (last && splice.start < last.end)
      out[out.length - 1] = { ...last, end: Math.max(last.end, splice.end) };
    else out.push(splice);
  }
  return out;
}
