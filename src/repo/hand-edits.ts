import { ConfigError, shellWord } from '../errors.js';
import { mergeText } from '../merge/index.js';
import {
  objectOid,
  readBlob,
  type FileContent,
  type RepoPath,
  type Store,
  type UnmergedFile,
} from '../store/index.js';
import { textOf } from './text.js';

export interface Rewrite {
  /** The file as it is now. */
  readonly current: FileContent | undefined;
  /** As cfg would write it with the decisions before this one. */
  readonly before: Uint8Array;
  /** As cfg writes it with this one. */
  readonly after: Uint8Array;
}

/**
 * The new text of a half-decided file, with what somebody typed into it since it was written: edits elsewhere are carried over by a
 * line merge. Throws E_CONFLICT where they stand in the very lines that the decision rewrites.
 */
export async function carryEdits(store: Store, stages: UnmergedFile, rewrite: Rewrite): Promise<string> {
  const [before, after] = [textOf(rewrite.before) ?? '', textOf(rewrite.after) ?? ''];
  const current = rewrite.current && textOf(rewrite.current.data);
  if (current === undefined) throw handEdited(stages.path);
  if (sameSides(current, before) || (await isAsGitLeftIt(store, stages, current))) return after;
  const known = relabelled(current, before);
  const carried = mergeText({ base: before, ours: known, theirs: after });
  const text = carried.conflicts.length === 0 ? carried.text : inPlace(known, before, after);
  if (text === undefined) throw handEdited(stages.path);
  return text;
}

const labelled = /^(<{7}|\|{7}|>{7})(?: [^\n]*)?$/gm;

/** The text with the labels that cfg gives to its markers: a merge driver may have been told others. */
function relabelled(current: string, before: string): string {
  const labels = new Map(Array.from(before.matchAll(labelled), ([line, sign]) => [sign, line]));
  return current.replaceAll(labelled, (line, sign: string) => labels.get(sign) ?? line);
}

/**
 * Replaces the lines that a decision changes where they stand untouched in the current text, just once: the line merge takes an edit of
 * the very next line for a conflict.
 */
function inPlace(current: string, before: string, after: string): string | undefined {
  const [old, now] = [before.split(/(?<=\n)/), after.split(/(?<=\n)/)];
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const region = old.slice(head, old.length - tail).join('');
  const at = current.indexOf(region);
  const isWhole = at === 0 || current[at - 1] === '\n';
  if (region === '' || at < 0 || !isWhole || current.includes(region, at + 1)) return undefined;
  return (
    current.slice(0, at) + now.slice(head, now.length - tail).join('') + current.slice(at + region.length)
  );
}

/** Whether two texts with conflicts are the same however their markers are drawn and labelled: each side of the hunks gives the same text. */
function sameSides(a: string, b: string): boolean {
  return (
    a === b ||
    (takeSide(a, 'ours') === takeSide(b, 'ours') && takeSide(a, 'theirs') === takeSide(b, 'theirs'))
  );
}

/** Whether a file is what a line merge of the stages leaves. */
async function isAsGitLeftIt(
  store: Store,
  { base, ours, theirs }: UnmergedFile,
  current: string,
): Promise<boolean> {
  const read = async (entry: UnmergedFile['base']): Promise<string> =>
    entry === undefined ? '' : (textOf(await readBlob(store, entry.oid)) ?? '');
  const merged = mergeText({
    base: await read(base),
    ours: await read(ours),
    theirs: await read(theirs),
  }).text;
  return sameSides(current, merged);
}

/** A text with one side of every conflict in the place of its markers. */
function takeSide(text: string, side: 'ours' | 'theirs'): string {
  let part: 'both' | 'ours' | 'base' | 'theirs' = 'both';
  const kept: string[] = [];
  for (const line of text.split('\n')) {
    const sign = /^(<{7}|\|{7}|={7}|>{7})(?: |\r?$)/.exec(line)?.[1]?.[0];
    if (sign === '<') part = 'ours';
    else if (sign === '|' && part === 'ours') part = 'base';
    else if (sign === '=' && part !== 'both') part = 'theirs';
    else if (sign === '>' && part === 'theirs') part = 'both';
    else if (part === 'both' || part === side) kept.push(line);
  }
  return kept.join('\n');
}

/** Throws E_CONFLICT when a file is neither what cfg wrote there nor one of the sides. */
export function requireUntouched(
  stages: UnmergedFile,
  {
    current,
    wrote,
  }: { readonly current: FileContent | undefined; readonly wrote: string | null | undefined },
): void {
  const sides = [stages.base?.oid ?? null, stages.ours?.oid ?? null, stages.theirs?.oid ?? null];
  const known = wrote === undefined ? sides : [wrote];
  const oid = current === undefined ? null : objectOid('blob', current.data);
  if (!known.includes(oid)) throw handEdited(stages.path);
}

function handEdited(file: RepoPath): ConfigError {
  return new ConfigError('E_CONFLICT', `'${file}' was edited by hand where this decision would write`, {
    hint: `finish it in the editor, then: cfg add ${shellWord(file)}`,
    details: { file },
  });
}
