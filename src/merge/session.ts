/** One merge by key under way: what it may decide, what it found, and how much work it has left. */
import {
  formatKeyPath,
  matchRule,
  printEntry,
  printNode,
  semanticKey,
  type ConfigValue,
  type Entry,
  type Format,
  type KeyPath,
  type Node,
} from '../doc/index.js';
import { nodeValue } from './node-value.js';
import { TextIds } from './equality.js';
import type { Graft } from './graft.js';
import type { MergedNode, Piece, Versions } from './merged.js';
import type {
  Conflict,
  ConflictKind,
  ConflictSide,
  ListMatching,
  MergeNote,
  MergeRules,
  MergeSide,
  MergeSuggestion,
} from './types.js';

/** Thrown when a merge by key takes more steps than it may; the file is then merged by line. */
export class WorkLimit extends Error {}

/** Nodes visited and items compared. About a second of work. */
const maxSteps = 400_000;

/** Three versions of a value. */
export interface NodeTriple {
  readonly base: Node | undefined;
  readonly ours: Node;
  readonly theirs: Node;
}

/** Where something is merged: its key path, and how pieces of the other documents are shifted there. */
export interface Place {
  readonly path: KeyPath;
  readonly grafts: Readonly<Record<'base' | 'theirs', Graft>>;
}

/** A merged value and the side that it was taken from whole (`ours` also where both are in it), or why there is none. */
export type NodeMerge =
  { readonly node: MergedNode; readonly from: 'ours' | 'theirs' } | { readonly clash: ConflictKind };

/** What is known about an open place when its record is made. */
export interface Dispute {
  readonly path: KeyPath;
  readonly kind: ConflictKind;
  /** As they stand in their own files. */
  readonly originals: Versions;
  /** As they would stand in the result. */
  readonly versions: Versions;
  /** What is in dispute, where it is a value and no entry. */
  readonly nodes?: NodeTriple;
  /** What the record shows; default the value of the first entry of each side. */
  readonly values?: Readonly<Partial<Record<MergeSide, ConfigValue>>>;
  readonly suggestion?: MergeSuggestion | undefined;
}

/** How an open place is closed: with the entries of a side, or of both sides one after the other. */
export type Decision = MergeSide | 'union';

export interface SessionOptions {
  readonly file: string;
  readonly format: Format;
  readonly rules: MergeRules;
  /** Whose additions come first at a place where both added something. */
  readonly trunk: 'ours' | 'theirs';
  /** The core rule, for the parts that it is made of. */
  readonly mergeNode: (session: Session, triple: NodeTriple, place: Place) => NodeMerge;
  readonly decide: (conflict: Conflict) => Decision | undefined;
  /** Whether ours is to be taken whole at a place. */
  readonly isForced: (path: KeyPath) => boolean;
  readonly lineOf: (side: MergeSide, offset: number) => number;
}

/** The result of a try, with what it would report. */
export interface Attempt<T> {
  readonly value: T;
  readonly conflicts: readonly Conflict[];
  readonly notes: readonly MergeNote[];
}

export class Session {
  readonly texts: TextIds = new TextIds();
  private notes: MergeNote[] = [];
  private conflicts: Conflict[] = [];
  private steps = 0;

  constructor(private readonly options: SessionOptions) {}

  get file(): string {
    return this.options.file;
  }

  get format(): Format {
    return this.options.format;
  }

  get trunk(): 'ours' | 'theirs' {
    return this.options.trunk;
  }

  get isStrict(): boolean {
    return this.options.rules.comments === 'strict';
  }

  mergeNode(triple: NodeTriple, place: Place): NodeMerge {
    return this.options.mergeNode(this, triple, place);
  }

  isForced(path: KeyPath): boolean {
    return this.options.isForced(path);
  }

  step(count = 1): void {
    this.steps += count;
    if (this.steps > maxSteps) throw new WorkLimit();
  }

  note(rule: string, path: KeyPath, message: string): void {
    this.notes.push({ rule, path: formatKeyPath(path), message });
  }

  /** Runs a part of the merge without reporting anything yet. */
  attempt<T>(run: () => T): Attempt<T> {
    const before = { notes: this.notes, conflicts: this.conflicts };
    this.notes = [];
    this.conflicts = [];
    const value = run();
    const attempt = { value, conflicts: this.conflicts, notes: this.notes };
    this.notes = before.notes;
    this.conflicts = before.conflicts;
    return attempt;
  }

  /** Takes the result of a try, and reports what it found. */
  accept<T>(attempt: Attempt<T>): T {
    this.notes.push(...attempt.notes);
    this.conflicts.push(...attempt.conflicts);
    return attempt.value;
  }

  listRule(path: KeyPath): ListMatching | undefined {
    return this.options.rules.lists?.find(({ at }) => matchRule(at, this.options.file, path));
  }

  /** A place that the three-way rule cannot decide: closed by a decision, or left open. */
  choose(dispute: Dispute): readonly Piece[] {
    const conflict = this.record(dispute);
    const decision = this.options.decide(conflict);
    const taken = decision === 'union' ? this.both(dispute.versions) : decision && dispute.versions[decision];
    if (taken !== undefined) return taken;
    this.conflicts.push(conflict);
    return [{ kind: 'choice', conflict, versions: dispute.versions }];
  }

  /** The entries of both sides, each item once; undefined where they are one key with two values. */
  private both({ ours, theirs }: Versions): readonly Entry[] | undefined {
    const keys = new Set(ours.map(({ key }) => key?.id));
    if (theirs.some(({ key }) => key !== undefined && keys.has(key.id))) return undefined;
    const [first, second] = this.trunk === 'ours' ? [ours, theirs] : [theirs, ours];
    const known = new Set(first.flatMap(({ key, value }) => (key === undefined ? [semanticKey(value)] : [])));
    return [...first, ...second.filter(({ value }) => !known.has(semanticKey(value)))];
  }

  /** Like {@link choose}, for what is no entry: the decision, if there is one. */
  dispute(dispute: Dispute): Decision | undefined {
    const conflict = this.record(dispute);
    const decision = this.options.decide(conflict);
    if (decision === undefined) this.conflicts.push(conflict);
    return decision;
  }

  private record({ path, kind, originals, nodes, values, suggestion }: Dispute): Conflict {
    const sideOf = (side: MergeSide): ConflictSide | undefined => {
      const node = nodes?.[side];
      return node === undefined ? this.sideOf(side, originals[side], values) : this.sideOfNode(side, node);
    };
    const [base, ours, theirs] = [sideOf('base'), sideOf('ours'), sideOf('theirs')];
    return {
      file: this.options.file,
      path: formatKeyPath(path),
      kind,
      ...(base?.value === undefined ? {} : { base: base.value }),
      ...(ours?.value === undefined ? {} : { ours: ours.value }),
      ...(theirs?.value === undefined ? {} : { theirs: theirs.value }),
      sides: {
        ...(base === undefined ? {} : { base }),
        ...(ours === undefined ? {} : { ours }),
        ...(theirs === undefined ? {} : { theirs }),
      },
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  }

  private sideOf(
    side: MergeSide,
    entries: readonly Entry[],
    values: Dispute['values'],
  ): ConflictSide | undefined {
    const [first] = entries;
    const given = values?.[side];
    if (first === undefined && given === undefined) return undefined;
    const value = given ?? (first === undefined ? undefined : nodeValue(first.value));
    const text = entries.map(printEntry).join('');
    const start = first === undefined ? undefined : first.offset + first.lead.length;
    const from = start === undefined ? 0 : this.options.lineOf(side, start);
    const to =
      from +
      Math.max(
        0,
        text
          .slice(first?.lead.length ?? 0)
          .trimEnd()
          .split('\n').length - 1,
      );
    return { ...(value === undefined ? {} : { value }), text, lines: { from, to } };
  }

  private sideOfNode(side: MergeSide, node: Node): ConflictSide {
    const text = printNode(node);
    const from = this.options.lineOf(side, node.offset);
    const to = this.options.lineOf(side, Math.max(node.offset, node.end - 1));
    return { value: nodeValue(node), text, lines: { from, to } };
  }
}
