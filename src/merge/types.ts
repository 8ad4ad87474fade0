/** What the merge takes and answers. No code here, only shapes. */
import type { ConfigValue } from '../doc/index.js';
import type { ConflictStrategy } from '../settings/index.js';

export type MergeSide = 'base' | 'ours' | 'theirs';

/** Why two sides could not be joined without somebody deciding. */
export type ConflictKind =
  | 'modify' // one key, two values
  | 'add' // both added the key, with different values
  | 'type' // the two sides made it different kinds of value
  | 'modify/delete' // ours changed it, theirs deleted it
  | 'delete/modify'
  | 'text' // lines of one multi-line string, or of a file that is not structured
  | 'list'
  | 'list-insert' // both inserted different items at one place
  | 'list-replace'
  | 'style'
  | 'anchor'
  | 'documents'
  | 'comment'
  | 'duplicate-key'
  | 'invalid-after-merge' // both sides were valid, the result is not
  | 'binary'
  | 'rename/rename'
  | 'rename/delete'
  | 'file/directory'
  | 'mode'
  | 'symlink'
  | 'submodule';

/** How the lists at a place are matched: by fields that identify an item, as a set, or only whole. */
export type ListMatching =
  | { readonly at: string; readonly key: string | readonly string[] }
  | { readonly at: string; readonly set: true }
  | { readonly at: string; readonly atomic: true };

/** Rules by place (`FILE-GLOB#KEY-GLOB`), as `merge` of cfg.yaml has them; in each list the first that matches counts. */
export interface MergeRules {
  readonly lists?: readonly ListMatching[];
  readonly strategies?: readonly { readonly at: string; readonly use: ConflictStrategy }[];
  /** `strict`: a comment that both sides changed, and keys that both added next to each other with one comment or value, are conflicts. */
  readonly comments?: 'soft' | 'strict';
}

/** A stretch of lines, counted from 1, the last one included. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** A side of a conflict: its value, and where it stands in that side's text. */
export interface ConflictSide {
  /** Absent where that side has no such key. For text conflicts the text of the lines. */
  readonly value?: ConfigValue;
  /** The source text of the entry: value, key, comments. */
  readonly text: string;
  readonly lines: LineRange;
}

/** What a person would most likely take, and why; only ever shown, never applied. */
export interface MergeSuggestion {
  readonly take: 'ours' | 'theirs' | 'both';
  /** One clause, lower case, no value in it. */
  readonly reason: string;
}

/** Something that a person has to decide. */
export interface Conflict {
  /** The `path` that the caller gave. */
  readonly file: string;
  /** A key path in text form; '' for the whole file. */
  readonly path: string;
  readonly kind: ConflictKind;
  readonly base?: ConfigValue;
  readonly ours?: ConfigValue;
  readonly theirs?: ConfigValue;
  /** Where it stands on each side; absent for conflicts of whole files. */
  readonly sides?: {
    readonly base?: ConflictSide;
    readonly ours?: ConflictSide;
    readonly theirs?: ConflictSide;
  };
  readonly suggestion?: MergeSuggestion;
}

/** Something worth knowing about a merge that is no conflict. */
export interface MergeNote {
  /** Stable id in kebab case, as `twin-add`, `comment`, `line-merge`. */
  readonly rule: string;
  /** A key path in text form; '' for the whole file. */
  readonly path: string;
  /** Lower case, no value of the file in it. */
  readonly message: string;
}

/** How a result came about: the bytes decided alone, line by line, or key by key. */
export type MergeMethod = 'identical' | 'line' | 'structure';

/** Names of the sides in markers, as branch names. */
export type MergeLabels = Readonly<Record<MergeSide, string>>;

/**
 * What decides one conflict: a side, a value, or `both` sides one after the other, ours first, where both fit: items of lists, lines of
 * texts, two keys that are twins. Any other conflict stays open under `both`.
 */
export type ConflictChoice = MergeSide | 'both' | { readonly value: ConfigValue };

/** Three versions of one file, and how to merge them. */
export interface MergeInput {
  /** Repository path: decides the format and which rules apply. */
  readonly path: string;
  /** Absent: both sides added the file. */
  readonly base?: string | undefined;
  readonly ours: string;
  readonly theirs: string;
  readonly rules?: MergeRules;
  /** The side that is the main line of work: what it added comes first where both added something. Default `ours`. */
  readonly trunk?: 'ours' | 'theirs';
  /** Default `base`, `ours`, `theirs`. */
  readonly labels?: Partial<MergeLabels>;
  /** Length of the conflict markers; default 7. */
  readonly markerSize?: number;
  /** What decides conflicts that no rule matches; default `manual`. */
  readonly strategy?: ConflictStrategy;
  /** Decides conflicts under `custom`; undefined leaves one open. */
  readonly resolver?: (conflict: Conflict) => ConfigValue | undefined;
  /** Decides conflicts under `newest`: the side whose commit that set the key is later; undefined leaves one open. */
  readonly newest?: (conflict: Conflict) => 'ours' | 'theirs' | undefined;
}

/** What came of a merge of one file. */
export interface MergeOutcome {
  /** The merged file, with markers around each conflict. */
  readonly text: string;
  /** In file order. */
  readonly conflicts: readonly Conflict[];
  readonly method: MergeMethod;
  readonly notes: readonly MergeNote[];
}
