import { matchRule } from '../doc/index.js';
import {
  mergeContents,
  mergeText,
  type ConflictChoice,
  type ContentMergeOutcome,
  type MergeLabels,
  type MergeStrategy,
} from '../merge/index.js';
import type { Settings } from '../settings/index.js';
import type { RepoPath } from '../store/index.js';
import { encodeText, textOf } from './text.js';

/** What was decided about the conflicts of a file: by key path in text form; `''` for the file as a whole and all that is left. */
export type Choices = ReadonlyMap<string, ConflictChoice>;

/** What holds for every file of a merge. */
export interface MergeRulesOfTrees {
  readonly settings: Settings;
  readonly labels: MergeLabels;
  /** For conflicts that no rule of the settings matches; default `manual`. */
  readonly strategy?: MergeStrategy | undefined;
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
  return mergeContents({
    ...file,
    rules: rules.settings.merge,
    labels: rules.labels,
    strategy: rules.strategy ?? 'manual',
    choose: ({ path: key }) => choices.get(key) ?? choices.get(''),
  });
}

/** The strategy for conflicts at a place of a file: the first rule that matches, else the merge's own. */
export function strategyAt(
  rules: MergeRulesOfTrees,
  file: RepoPath,
  path: Parameters<typeof matchRule>[2],
): MergeStrategy {
  const rule = rules.settings.merge.strategies.find(({ at }) => matchRule(at, file, path));
  return rule?.use ?? rules.strategy ?? 'manual';
}

function mergeLines(
  { path, base, ours, theirs }: FileVersions,
  { labels }: MergeRulesOfTrees,
): ContentMergeOutcome {
  const texts = { base: base === undefined ? '' : textOf(base), ours: textOf(ours), theirs: textOf(theirs) };
  if (texts.base === undefined || texts.ours === undefined || texts.theirs === undefined)
    return {
      data: ours,
      conflicts: [{ file: path, path: '', kind: 'binary' }],
      method: 'identical',
      notes: [],
    };
  const { text } = mergeText({ base: texts.base, ours: texts.ours, theirs: texts.theirs, labels });
  return { data: encodeText(text), conflicts: [], method: 'line', notes: [] };
}
