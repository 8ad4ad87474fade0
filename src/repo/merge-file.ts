import { matchRule } from '../doc/index.js';
import {
  mergeContents,
  mergeText,
  resolveConflicts,
  rulesOf,
  type Choices,
  type ContentMergeOutcome,
  type MergeInput,
  type MergeLabels,
} from '../merge/index.js';
import type { ConflictStrategy, Settings } from '../settings/index.js';
import type { RepoPath } from '../store/index.js';
import { encodeText, textOf } from './text.js';

/** What holds for every file of a merge. */
export interface MergeRulesOfTrees {
  readonly settings: Settings;
  readonly labels: MergeLabels;
  /** For conflicts that no rule of the settings matches; default `manual`. */
  readonly strategy?: ConflictStrategy | undefined;
  /** Length of the conflict markers; default 7. */
  readonly markerSize?: number | undefined;
  /** Merge by line and keep markers in the result: for a base that is itself a merge. */
  readonly lineOnly?: boolean;
}

export interface FileVersions {
  readonly path: RepoPath;
  /** Absent: both sides added the file. */
  readonly base?: Uint8Array | undefined;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
}

/** Merges one file by the rules of the merge; `choices` go before them. */
export function mergeFile(
  file: FileVersions,
  rules: MergeRulesOfTrees,
  choices: Choices,
): ContentMergeOutcome {
  if (rules.lineOnly === true) return mergeLines(file, rules);
  const { labels, strategy = 'manual', markerSize } = rules;
  const size = markerSize !== undefined && { markerSize };
  const options = { path: file.path, rules: rulesOf(rules.settings), labels, strategy, ...size };
  const texts = textsOf(file);
  if (texts === undefined || choices.size === 0) return mergeContents({ ...file, ...options });
  const { text, ...outcome } = resolveConflicts({ ...texts, ...options }, choices);
  return { ...outcome, data: encodeText(text) };
}

/** Undefined when a version is no text. */
function textsOf({
  base,
  ours,
  theirs,
}: FileVersions): Pick<MergeInput, 'base' | 'ours' | 'theirs'> | undefined {
  const texts = { base: base && textOf(base), ours: textOf(ours), theirs: textOf(theirs) };
  if (texts.ours === undefined || texts.theirs === undefined) return undefined;
  return base !== undefined && texts.base === undefined
    ? undefined
    : { base: texts.base, ours: texts.ours, theirs: texts.theirs };
}

/** The strategy for conflicts at a place of a file: the first rule that matches, else the merge's own. */
export function strategyAt(
  rules: MergeRulesOfTrees,
  file: RepoPath,
  path: Parameters<typeof matchRule>[2],
): ConflictStrategy {
  const rule = rules.settings.merge.strategies.find(({ at }) => matchRule(at, file, path));
  return rule?.use ?? rules.strategy ?? 'manual';
}

function mergeLines(file: FileVersions, { labels }: MergeRulesOfTrees): ContentMergeOutcome {
  const texts = textsOf(file);
  if (texts === undefined)
    return {
      data: file.ours,
      conflicts: [{ file: file.path, path: '', kind: 'binary' }],
      method: 'identical',
      notes: [],
    };
  const { text } = mergeText({ ...texts, base: texts.base ?? '', labels });
  return { data: encodeText(text), conflicts: [], method: 'line', notes: [] };
}
