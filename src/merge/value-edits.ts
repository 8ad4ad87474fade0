/** Clean line merges that need no parsing: both sides only put other scalars behind keys, so that nothing else can have changed. */
import type { Format } from '../doc/index.js';
import { isKeyField } from './list-keys.js';
import { linesOf } from './text.js';

/** Words, numbers, paths, image names: nothing that YAML reads as more than a scalar, in every place where a scalar may stand. */
const word = String.raw`[\w./~+][\w./~+@-]*`;
const plain = String.raw`${word}(?:[ :]${word})*|"[^"\\]*"|'[^']*'`;
const json = String.raw`"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null`;

/** A key and its value on one line: what stands before the value, the value, and what follows. */
const shapes: Readonly<Record<Format, RegExp>> = {
  yaml: new RegExp(String.raw`^([ ]*(?:- )?[\w.-]+: +)(?:${plain})(\r?\n)$`),
  json: new RegExp(String.raw`^(\s*"(?:[^"\\]|\\.)*"\s*:\s*)(?:${json})(,?\r?\n)$`),
  ini: /^([A-Za-z][\w.-]*[ \t]*=[ \t]*)[\w./:@-]+(\r?\n)$/,
};

/** Whether `merged` is `base` with scalars that one side replaced, or both by the same, each on its line. */
export function changesValuesOnly(
  merged: string,
  sides: { readonly base: string; readonly ours: string; readonly theirs: string },
  format: Format,
): boolean {
  const [base, ours, theirs, result] = [sides.base, sides.ours, sides.theirs, merged].map(linesOf);
  if (base === undefined || ours === undefined || theirs === undefined) return false;
  // Where documents were put in and taken out, as many lines may stand in other documents.
  if (base.slice(1).some((line) => line.startsWith('---'))) return false;
  if (ours.length !== base.length || theirs.length !== base.length) return false;
  if (result?.length !== base.length) return false;
  const [mine, other] = [editsOf(base, ours, format), editsOf(base, theirs, format)];
  if (mine === undefined || other === undefined) return false;
  // Two items of a list may have been made alike.
  const made = new Set(mine.values());
  if ([...other].some(([at, line]) => mine.get(at) !== line && made.has(line))) return false;
  return base.every((line, at) => result[at] === (mine.get(at) ?? other.get(at) ?? line));
}

/** The lines that a side replaced, by their number; undefined when it did anything else. */
function editsOf(
  base: readonly string[],
  side: readonly string[],
  format: Format,
): ReadonlyMap<number, string> | undefined {
  const edits = new Map<number, string>();
  for (const [at, before] of base.entries()) {
    const line = side[at] ?? '';
    if (line === before) continue;
    const frame = frameOf(before, format);
    if (frame === undefined || frameOf(line, format) !== frame) return undefined;
    // Another name may be another item that was put in there.
    if (isKeyField(/([\w.-]+)"?\s*[:=]\s*\0/.exec(frame)?.[1] ?? '')) return undefined;
    edits.set(at, line);
  }
  return edits;
}

/** The line without its value; undefined when it is no key with a scalar. */
function frameOf(line: string, format: Format): string | undefined {
  const [, head, tail] = shapes[format].exec(line) ?? [];
  return head === undefined ? undefined : `${head}\0${tail ?? ''}`;
}
