/** The merge of one file as bytes: text is merged as text, anything else is never decoded. */
import { mergeDocuments } from './document.js';
import type { Conflict, MergeInput, MergeMethod, MergeNote } from './types.js';

export interface ContentMergeInput extends Omit<MergeInput, 'base' | 'ours' | 'theirs'> {
  /** Absent: both sides added the file. */
  readonly base?: Uint8Array | undefined;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
}

export interface ContentMergeOutcome {
  /** The merged content; of a binary that both sides changed, ours. */
  readonly data: Uint8Array;
  readonly conflicts: readonly Conflict[];
  readonly method: MergeMethod;
  readonly notes: readonly MergeNote[];
}

/**
 * Merges three versions of a file. Content with a NUL in its first 8000 bytes (as in git), or that is not UTF-8, is a binary:
 * changed by both sides it is one conflict, and ours stays.
 */
export function mergeContents(input: ContentMergeInput): ContentMergeOutcome {
  const { base, ours, theirs } = input;
  if (equalBytes(ours, theirs) || (base !== undefined && equalBytes(theirs, base))) return kept(ours);
  if (base !== undefined && equalBytes(ours, base)) return kept(theirs);
  const texts = { base: base === undefined ? '' : decode(base), ours: decode(ours), theirs: decode(theirs) };
  if (texts.base === undefined || texts.ours === undefined || texts.theirs === undefined)
    return { ...kept(ours), conflicts: [{ file: input.path, path: '', kind: 'binary' }] };
  const { text, ...outcome } = mergeDocuments({
    ...input,
    base: base === undefined ? undefined : texts.base,
    ours: texts.ours,
    theirs: texts.theirs,
  });
  return { ...outcome, data: new TextEncoder().encode(text) };
}

function kept(data: Uint8Array): ContentMergeOutcome {
  return { data, conflicts: [], method: 'identical', notes: [] };
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** git: xdiff-interface.c looks for a NUL in the first 8000 bytes. */
const binaryWindow = 8000;

/** The text with its byte order mark; undefined for a binary. */
function decode(data: Uint8Array): string | undefined {
  if (data.subarray(0, binaryWindow).includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
