import { equalValues, formatAddress, type ConfigValue, type KeyPath } from '../doc/index.js';
import { comparableAt, type ComparableValue } from '../diff/index.js';
import { andThen, type Awaitable, type PathColumn, type PathEntry, type RepoPath } from '../store/index.js';
import type { FileHistory } from './file-history.js';
import type { Compared, Subject } from './history.js';
import { keysChanged } from './key-glob.js';
import { type Facts, identityDigest, type VersionCache } from './version-cache.js';

/** A file or folder at a path; of a file that was renamed, the history goes on under its old name. */
export class PathSubject implements Subject {
  readonly name: RepoPath;
  protected readonly files: FileHistory;
  protected readonly column: PathColumn;
  private readonly unchanged: Compared = { same: true, subject: this };

  constructor(files: FileHistory, path: RepoPath, column: PathColumn) {
    this.files = files;
    this.name = path;
    this.column = column;
  }

  compare(commit: number, parent: number | undefined): Awaitable<Compared> {
    if (parent === undefined) return this.compareEntries(commit, parent);
    return andThen(this.column.isSame(commit, parent), (isSame) =>
      isSame ? this.unchanged : this.compareEntries(commit, parent),
    );
  }

  private async compareEntries(commit: number, parent: number | undefined): Promise<Compared> {
    const after = await this.entryAt(commit);
    const before = parent === undefined ? undefined : await this.entryAt(parent);
    const entries = { before, after };
    const old = parent === undefined ? undefined : await this.renamed(entries, commit, parent);
    if (old !== undefined && parent !== undefined) {
      const same = await this.isSameIn(old, { commit, parent, ...entries });
      return { same, subject: old };
    }
    return { same: before === after || !(await this.differs(entries)), subject: this };
  }

  entryAt(commit: number): Promise<PathEntry | undefined> {
    return this.column.entryAt(commit);
  }

  /** Whether two entries differ in what the history is about. */
  protected async differs(_entries: Entries): Promise<boolean> {
    return true;
  }

  /** The same subject under another path. */
  protected async under(path: RepoPath, column: PathColumn): Promise<PathSubject> {
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

interface KeyPlace {
  readonly path: RepoPath;
  readonly key: KeyPath;
}

/** A key of a file. */
export class KeySubject extends PathSubject {
  private readonly key: KeyPath;
  /** Of each version of the file the identity of the key, and its value where that is a small scalar; nothing where it is not there. */
  private readonly versions: VersionCache;

  private constructor(
    files: FileHistory,
    { path, key }: KeyPlace,
    { column, versions }: { readonly column: PathColumn; readonly versions: VersionCache },
  ) {
    super(files, path, column);
    this.key = key;
    this.versions = versions;
  }

  static async open(files: FileHistory, { path, key }: KeyPlace, column: PathColumn): Promise<KeySubject> {
    const versions = await files.versions(`key ${formatAddress({ file: path, path: key })}`);
    return new KeySubject(files, { path, key }, { column, versions });
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
    const entry = await this.entryAt(commit);
    const [identity, value] = await this.factsOf(entry);
    if (typeof identity === 'string' && value !== undefined) return { identity, value };
    return identity === undefined ? undefined : this.read(entry);
  }

  protected override async differs({ before, after }: Entries): Promise<boolean> {
    return (await this.factsOf(before))[0] !== (await this.factsOf(after))[0];
  }

  protected override async under(path: RepoPath, column: PathColumn): Promise<KeySubject> {
    return KeySubject.open(this.files, { path, key: this.key }, column);
  }

  protected override async isSameIn(old: PathSubject, { parent, after }: Step): Promise<boolean> {
    if (!(old instanceof KeySubject)) return false;
    return (await old.factsOf(await old.entryAt(parent)))[0] === (await this.factsOf(after))[0];
  }

  private async factsOf(entry: PathEntry | undefined): Promise<Facts> {
    if (entry === undefined || entry.mode === '040000') return [];
    const known = this.versions.get(entry.oid);
    if (known !== undefined) return known;
    const facts = factsAbout(await this.read(entry));
    this.versions.set(entry.oid, facts);
    return facts;
  }

  /** Undefined where there is no such key: no such file, another format, or a version of it that does not parse. */
  private async read(entry: PathEntry | undefined): Promise<ComparableValue | undefined> {
    if (entry === undefined || entry.mode === '040000') return undefined;
    const { mode, oid } = entry;
    const document = await this.files.document({ path: this.name, mode, oid });
    return document?.valid === true ? comparableAt(document, this.key) : undefined;
  }
}

/** What is longer is read from the file where it is asked for. */
const mostKeptLength = 80;

function factsAbout(found: ComparableValue | undefined): Facts {
  if (found === undefined) return [];
  const { identity, value } = found;
  if (identity.length > mostKeptLength) return [identityDigest(identity)];
  return isExactInJson(value) ? [identity, value] : [identity];
}

function isExactInJson(value: ConfigValue): value is string | number | boolean | null {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  return value === null || typeof value === 'boolean' || typeof value === 'string';
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

  protected override async under(path: RepoPath, column: PathColumn): Promise<GlobSubject> {
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
