import { randomBytes } from 'node:crypto';
import { isConfigError } from '../../errors.js';
import {
  findFile,
  formatTree,
  objectOid,
  type FileChange,
  type IndexEntry,
  type IndexStore,
  type Oid,
  type RefEdit,
  type RefStore,
  type RepoPath,
  type Signature,
  type StateFiles,
  type Store,
  type Worktree,
} from '../../store/index.js';
import { readHead, treeOf } from '../head.js';
import { mayHaveHappened } from './failed-step.js';
import { appendEntry, type LogEntry } from './log.js';
import { fileState, indexStates, refState } from './states.js';
import type { FileState, IndexState, RefState, Step } from './types.js';

/** What is being recorded. */
export interface Recording {
  readonly store: Store;
  readonly command: string;
  /** What it is about, told of an operation that moved no ref; never a value. */
  readonly about?: string | undefined;
  readonly now: () => Date;
  /** Ids of the operations that are being taken back: then nothing that a ref loses is left to its reflog. */
  readonly undoes?: readonly string[] | undefined;
}

/** Files of the Git folder that a command may leave for the next one. */
const recordedState = new Set([
  'MERGE_HEAD',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'MERGE_MSG',
  'MERGE_MODE',
  'AUTO_MERGE',
  'cfg/merge.json',
]);

/** Where the objects are held that only the operation log needs, so that no gc takes them. */
export const heldPrefix = 'refs/cfg/ops/';

/**
 * A store that notes in the operation log what is about to change, before it does: refs, index, worktree, a merge in progress. A command
 * that dies halfway can be taken back like any other. Nothing is written for a command that changes nothing.
 */
export class Recorder {
  readonly store: Store;
  readonly id: string = randomBytes(4).toString('hex');
  private readonly base: Store;
  private readonly recording: Recording;
  private readonly files = new Set<RepoPath>();
  private readonly entries = new Set<RepoPath>();
  private steps = 0;
  private holds = 0;
  /** Bytes of the log after the last record. */
  logSize = 0;

  constructor(recording: Recording) {
    this.recording = recording;
    this.base = recording.store;
    const { refs, state, index, worktree } = this.base;
    this.store = {
      ...this.base,
      refs: this.recordedRefs(refs),
      state: this.recordedState(state),
      ...(index && { index: this.recordedIndex(index) }),
      ...(worktree && index && { worktree: this.recordedWorktree(worktree, index) }),
    };
  }

  /** Notes how files and index entries ended, where their steps cannot say it, and that the operation is complete. */
  async end({ failed }: { readonly failed: boolean }): Promise<void> {
    const isKnown = this.files.size === 0 && this.entries.size === 0 && this.steps < 2;
    const isToldByEnd = this.recording.undoes !== undefined && !failed;
    if (isKnown && !isToldByEnd) return;
    const { worktree, index } = this.base;
    const files: [RepoPath, FileState][] = [];
    for (const path of this.files) files.push([path, worktree ? await fileState(worktree, path) : null]);
    const entries = index ? await indexStates(index, [...this.entries]) : [];
    await this.appendIfPossible({ end: { files, index: entries, ...(failed && { failed }) } });
  }

  /** What is done is done, whether or not it can be noted: without this record it is one that was cut off. */
  private async appendIfPossible(entry: LogEntry): Promise<void> {
    try {
      await this.append(entry);
    } catch (error) {
      if (!isConfigError(error, 'E_IO')) throw error;
    }
  }

  private async step<T>(step: Step, run: () => T | Promise<T>, summary = ''): Promise<T> {
    const at = this.steps;
    await this.append(at === 0 ? this.head(step, summary) : { step, summary });
    try {
      return await run();
    } catch (error) {
      if (!(await mayHaveHappened(this.base, step, error))) await this.appendIfPossible({ cancel: at });
      throw error;
    } finally {
      for (const [path] of step.files ?? []) this.files.add(path);
      for (const [path] of step.index ?? []) this.entries.add(path);
    }
  }

  /** The first record of an operation, of one that finds everything done already too. */
  async begin(): Promise<void> {
    if (this.steps === 0) await this.append(this.head(undefined, ''));
  }

  private head(step: Step | undefined, summary: string): LogEntry {
    const { command, about, now, undoes } = this.recording;
    const at = now().toISOString();
    return {
      command,
      at,
      summary,
      ...(about && { about }),
      ...(undoes && { undoes }),
      ...(step && { step }),
    };
  }

  private async append(entry: LogEntry): Promise<void> {
    this.logSize = await appendEntry(this.base.state, this.id, entry);
    this.steps += 'step' in entry ? 1 : 0;
  }

  private recordedRefs(refs: RefStore): RefStore {
    return {
      read: (name) => refs.read(name),
      list: (prefix) => refs.list(prefix),
      reflog: (name) => refs.reflog(name),
      update: async (edits, log) => {
        const changes: [string, RefState, RefState][] = [];
        for (const edit of edits) changes.push([edit.name, await refState(refs, edit.name), valueOf(edit)]);
        await this.holdRefs(changes);
        await this.step({ refs: changes }, () => refs.update(edits, log), log.message);
      },
    };
  }

  /** A deleted ref takes its reflog along; and what an undo takes back may have been nowhere else. */
  private async holdRefs(changes: readonly (readonly [string, RefState, RefState])[]): Promise<void> {
    const isLost = (after: RefState): boolean => after === null || this.recording.undoes !== undefined;
    for (const [, before, after] of changes)
      if (before !== null && before !== after && !before.startsWith('ref: ') && isLost(after))
        await this.hold(before);
  }

  private recordedState(state: StateFiles): StateFiles {
    return {
      read: (name) => state.read(name),
      append: (name, content) => state.append(name, content),
      owner: () => state.owner(),
      isGone: (owner) => state.isGone(owner),
      write: async (name, content) => {
        const before = recordedState.has(name) ? await state.read(name) : content;
        if (before === content) return state.write(name, content);
        const change = [name, before ?? null, content ?? null] as const;
        await this.step({ state: [change] }, () => state.write(name, content));
      },
    };
  }

  private recordedIndex(index: IndexStore): IndexStore {
    return {
      read: () => index.read(),
      find: (paths) => index.find(paths),
      unmerged: () => index.unmerged(),
      update: async (edit) => {
        const { entries } = await index.read();
        const paths = differingPaths(entries, edit({ entries }));
        if (paths.length === 0) return index.update(edit);
        await this.step({ index: await this.heldEntries(index, paths) }, () => index.update(edit));
      },
    };
  }

  private recordedWorktree(worktree: Worktree, index: IndexStore): Worktree {
    const entriesOf = (paths: readonly RepoPath[]): Promise<[RepoPath, IndexState][]> =>
      this.heldEntries(index, paths);
    return {
      ...worktree,
      write: async (path, data) =>
        this.step({ files: await this.heldFiles(worktree, index, [path]) }, () => worktree.write(path, data)),
      stage: async (paths) =>
        paths.length === 0
          ? worktree.stage(paths)
          : this.step({ index: await entriesOf(paths) }, () => worktree.stage(paths)),
      planStage: async (paths) => {
        const plan = await worktree.planStage(paths);
        if (plan.entries.size === 0) return plan;
        const apply = async (): Promise<readonly RepoPath[]> =>
          this.step({ index: await entriesOf([...plan.entries.keys()]) }, () => plan.apply());
        return { ...plan, apply };
      },
      unstage: async (paths, tree) =>
        paths.length === 0
          ? worktree.unstage(paths, tree)
          : this.step({ index: await entriesOf(paths) }, () => worktree.unstage(paths, tree)),
      restore: async (paths, tree) => {
        const touched = tree === undefined ? await this.changedFiles(worktree, paths) : paths;
        if (touched.length === 0) return worktree.restore(paths, tree);
        const files = await this.heldFiles(worktree, index, touched);
        const entries = tree === undefined ? [] : await entriesOf(touched);
        return this.step({ files, index: entries }, () => worktree.restore(paths, tree));
      },
      checkout: async (from, to, unmerged = []) => {
        const paths = unmerged.map(({ path }) => path);
        const files = await this.heldFiles(worktree, index, paths);
        const own = paths.length === 0 ? {} : { files, index: await entriesOf(paths) };
        if (paths.length > 0) await this.hold(to); // no commit has this tree
        await this.step({ trees: [from, to], ...own }, () => worktree.checkout(from, to, unmerged));
      },
    };
  }

  /** Those of some files that are not what the index says. */
  private async changedFiles(worktree: Worktree, paths: readonly RepoPath[]): Promise<readonly RepoPath[]> {
    const { unstaged } = await worktree.status(await this.headTree());
    const changed = new Set(unstaged.map(({ path }: FileChange) => path));
    return paths.filter((path) => changed.has(path));
  }

  private async headTree(): Promise<Oid | null> {
    return treeOf(this.base, (await readHead(this.base)).commit);
  }

  /** Files as they are; the content of one that the index does not have is saved and held. */
  private async heldFiles(
    worktree: Worktree,
    index: IndexStore,
    paths: readonly RepoPath[],
  ): Promise<[RepoPath, FileState][]> {
    const staged = new Map((await index.find(paths)).map(({ path, oid }) => [path, oid]));
    const states: [RepoPath, FileState][] = [];
    const loose: Uint8Array[] = [];
    for (const path of paths) {
      const file = await worktree.read(path);
      const oid = file && objectOid('blob', file.data);
      if (file && oid !== staged.get(path)) loose.push(file.data);
      states.push([path, file && oid !== undefined ? [file.mode, oid] : null]);
    }
    await this.holdBlobs(await this.base.objects.write(loose.map((data) => ({ type: 'blob', data }))));
    return states;
  }

  /** Index entries as they are; blobs that HEAD does not have are held. */
  private async heldEntries(
    index: IndexStore,
    paths: readonly RepoPath[],
  ): Promise<[RepoPath, IndexState][]> {
    const states = await indexStates(index, paths);
    const tree = await this.headTree();
    const loose: Oid[] = [];
    for (const [path, entries] of states) {
      if (entries.length === 0) continue;
      const inHead = tree === null ? undefined : await findFile(this.base, tree, path);
      for (const [, mode, oid] of entries) if (oid !== inHead?.oid && mode !== '160000') loose.push(oid);
    }
    await this.holdBlobs(loose);
    return states;
  }

  private async holdBlobs(oids: readonly Oid[]): Promise<void> {
    const unique = [...new Set(oids)];
    const [only] = unique;
    if (only === undefined) return;
    if (unique.length === 1) return this.hold(only);
    const entries = unique.map((oid) => ({ mode: '100644' as const, name: oid, oid }));
    const [tree = ''] = await this.base.objects.write([{ type: 'tree', data: formatTree(entries) }]);
    await this.hold(tree);
  }

  private async hold(oid: Oid): Promise<void> {
    const name = `${heldPrefix}${this.id}/${this.holds++}`;
    const committer = cfgItself(this.recording.now());
    await this.base.refs.update([{ name, expected: null, value: oid }], {
      committer,
      message: this.recording.command,
    });
  }
}

/** Who writes refs that nobody asked for: not everyone who changes a file has an identity configured. */
export function cfgItself(now: Date): Signature {
  return { name: 'cfg', email: 'cfg', timestamp: Math.floor(now.getTime() / 1000), offsetMinutes: 0 };
}

function valueOf({ value }: RefEdit): RefState {
  return value === null || typeof value === 'string' ? value : `ref: ${value.target}`;
}

function differingPaths(before: readonly IndexEntry[], after: readonly IndexEntry[]): readonly RepoPath[] {
  const [old, wanted] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  const changed = [
    ...before.filter((entry) => !wanted.has(keyOf(entry))),
    ...after.filter((entry) => !old.has(keyOf(entry))),
  ];
  return [...new Set(changed.map(({ path }) => path))];
}

function keyOf({ path, stage, mode, oid }: IndexEntry): string {
  return `${stage} ${mode} ${oid} ${path}`;
}
