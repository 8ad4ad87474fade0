import { equalValues, type ConfigValue, type KeyPath } from '../doc/index.js';
import { comparableAt, type ComparableValue } from '../diff/index.js';
import type { PathColumn, PathEntry, RepoPath } from '../store/index.js';
import type { FileHistory } from './file-history.js';
import type { Compared, Subject } from './history.js';
import { keysChanged } from './key-glob.js';

/** A file or folder at a path; of a file that was renamed, the history goes on under its old name. */
export class PathSubject implements Subject {
  readonly name: RepoPath;
  protected readonly files: FileHistory;
  protected readonly column: PathColumn;

  constructor(files: FileHistory, path: RepoPath, column: PathColumn) {
    this.files = files;
    this.name = path;
    this.column = column;
  }

  async compare(commit: number, parent: number | undefined): Promise<Compared> {
    const after = await this.column.cell(commit);
    const before = parent === undefined ? undefined : await this.column.cell(parent);
    if (after === before) return { same: true, subject: this };
    const entries = {
      before: before === undefined ? undefined : this.column.entry(before),
      after: this.column.entry(after),
    };
    const old = parent === undefined ? undefined : await this.renamed(entries, commit, parent);
    if (old !== undefined && parent !== undefined) {
      const same = await this.isSameIn(old, { commit, parent, ...entries });
      return { same, subject: old };
    }
    return { same: entries.before === entries.after || !(await this.differs(entries)), subject: this };
  }

  entryAt(commit: number): Promise<PathEntry | undefined> {
    return this.column.entryAt(commit);
  }

  /** Whether two entries differ in what the history is about. */
  protected async differs(_entries: Entries): Promise<boolean> {
    return true;
  }

  /** The same subject under another path. */
  protected under(path: RepoPath, column: PathColumn): PathSubject {
    return new PathSubject(this.files, path, column);
  }

  protected async isSameIn(_old: PathSubject, _step: Step): Promise<boolean> {
    return false;
  }

  private async renamed(
    { before, after }: Entries,
    commit: number,
    parent: number,
  ): Promise<PathSubject | undefined> {
    if (before !== undefined || after === undefined || after.mode === '040000') return undefined;
    const path = await this.files.nameBefore(this.name, commit, parent);
    return path === undefined ? undefined : this.under(path, await this.files.column(path));
  }
}

interface Entries {
  readonly before: PathEntry | undefined;
  readonly after: PathEntry | undefined;
}

interface Step extends Entries {
  readonly commit: number;
  readonly parent: number;
}

/** The values of a key before (in the first parent) and after a commit; absent where there is none. */
export interface KeyValues {
  readonly before?: ConfigValue;
  readonly after?: ConfigValue;
}

/** A key of a file. */
export class KeySubject extends PathSubject {
  private readonly key: KeyPath;
  private readonly known: Map<string, ComparableValue | undefined>;

  constructor(
    files: FileHistory,
    { path, key }: { readonly path: RepoPath; readonly key: KeyPath },
    column: PathColumn,
  ) {
    super(files, path, column);
    this.key = key;
    this.known = new Map();
  }

  /** The values on both sides of a commit, as they are written where only that differs. */
  async values(commit: number): Promise<KeyValues> {
    const [parent] = this.files.graph.parents(commit);
    const old = parent === undefined ? undefined : (await this.compare(commit, parent)).subject;
    const before = old instanceof KeySubject && parent !== undefined ? await old.valueAt(parent) : undefined;
    const after = await this.valueAt(commit);
    const written = before && after && equalValues(before.value, after.value);
    const shown = ({ value, identity }: ComparableValue): ConfigValue =>
      written === true && typeof value === 'number' ? identity : value;
    return { ...(before && { before: shown(before) }), ...(after && { after: shown(after) }) };
  }

  async valueAt(commit: number): Promise<ComparableValue | undefined> {
    return this.read(await this.entryAt(commit));
  }

  protected override async differs({ before, after }: Entries): Promise<boolean> {
    return (await this.read(before))?.identity !== (await this.read(after))?.identity;
  }

  protected override under(path: RepoPath, column: PathColumn): KeySubject {
    return new KeySubject(this.files, { path, key: this.key }, column);
  }

  protected override async isSameIn(old: PathSubject, { parent, after }: Step): Promise<boolean> {
    if (!(old instanceof KeySubject)) return false;
    return (await old.valueAt(parent))?.identity === (await this.read(after))?.identity;
  }

  /** Undefined where there is no such key: no such file, another format, or a version of it that does not parse. */
  private async read(entry: PathEntry | undefined): Promise<ComparableValue | undefined> {
    if (entry === undefined || entry.mode === '040000') return undefined;
    if (this.known.has(entry.oid)) return this.known.get(entry.oid);
    const { mode, oid } = entry;
    const document = await this.files.document({ path: this.name, mode, oid });
    const value = document?.valid === true ? comparableAt(document, this.key) : undefined;
    this.known.set(oid, value);
    return value;
  }
}

/** The keys that a glob names, in a file or below a folder. */
export class GlobSubject extends PathSubject {
  private readonly glob: string;

  constructor(
    files: FileHistory,
    { path, glob }: { readonly path: RepoPath; readonly glob: string },
    column: PathColumn,
  ) {
    super(files, path, column);
    this.glob = glob;
  }

  protected override differs(entries: Entries): Promise<boolean> {
    return keysChanged(this.files.store, { path: this.name, glob: this.glob }, entries);
  }

  protected override under(path: RepoPath, column: PathColumn): GlobSubject {
    return new GlobSubject(this.files, { path, glob: this.glob }, column);
  }

  protected override async isSameIn(old: PathSubject, { parent, after }: Step): Promise<boolean> {
    return !(await this.differs({ before: await old.entryAt(parent), after }));
  }
}

/** Several at once: the same when each of them is. Files among them are not followed through renames, as in git. */
export function allOf(subjects: readonly Subject[]): Subject {
  const subject: Subject = {
    name: '',
    compare: async (commit, parent) => {
      for (const one of subjects)
        if (!(await one.compare(commit, parent)).same) return { same: false, subject };
      return { same: true, subject };
    },
  };
  return subject;
}
