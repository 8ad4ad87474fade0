import type { Choices, ConflictChoice, MergeSide, TreeConflict } from '../merge/index.js';
import type { FileEntry } from '../store/index.js';
import { strategyAt, type MergeRulesOfTrees } from './merge-file.js';

/** Kinds where one side's file, or its absence, is an answer. Two names for one file, or a file in a folder's place, need a person. */
const decidable: ReadonlySet<TreeConflict['kind']> = new Set([
  'modify/delete',
  'delete/modify',
  'rename/delete',
  'binary',
  'mode',
  'symlink',
  'submodule',
] as const);

/** What a choice or a strategy makes of a conflict of whole files; undefined leaves it open. */
export function decideWhole(
  conflict: TreeConflict,
  rules: MergeRulesOfTrees,
  choices: Choices,
): { readonly entry: FileEntry | null } | undefined {
  const choice = choices.get('');
  const side = sideOf(choice) ?? strategySide(conflict, rules);
  if (side === undefined) return undefined;
  const entry = conflict[side];
  return { entry: entry === undefined ? null : { ...entry, path: conflict.path } };
}

function sideOf(choice: ConflictChoice | undefined): MergeSide | undefined {
  return typeof choice === 'string' && choice !== 'both' ? choice : undefined;
}

function strategySide(conflict: TreeConflict, rules: MergeRulesOfTrees): MergeSide | undefined {
  if (!decidable.has(conflict.kind)) return undefined;
  if (rules.lineOnly === true) return conflict.keep === 'theirs' ? 'theirs' : 'ours';
  const strategy = strategyAt(rules, conflict.path, []);
  return strategy === 'ours' || strategy === 'theirs' || strategy === 'base' ? strategy : undefined;
}
