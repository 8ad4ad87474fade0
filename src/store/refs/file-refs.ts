/** The refs of a repository on disk: a file each, or a line of `packed-refs`. */
import { ConfigError, shellWord } from '../../errors.js';
import type { Disk } from '../disk.js';
import { isPrivateRef, type Layout, reflogPath } from '../layout.js';
import type { Oid, Ref, RefEdit, ReflogEntry, RefLog, RefStore } from '../types.js';
import { looseRefNames, readLooseRef } from './loose-refs.js';
import { checkRefName } from './name.js';
import { PackedRefs } from './packed.js';
import { readReflog } from './reflog.js';
import { updateRefs } from './transaction.js';

/** Git follows as many. */
const maxSymbolicDepth = 5;

export class FileRefs implements RefStore {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly packed: PackedRefs;
  /** What `core.logAllRefUpdates` says. */
  private readonly logging: 'always' | boolean;

  constructor(disk: Disk, layout: Layout, logging: 'always' | boolean) {
    this.disk = disk;
    this.layout = layout;
    this.packed = new PackedRefs(disk, layout.commonDir);
    this.logging = logging;
  }

  read(name: string): Ref | undefined {
    checkRefName(name);
    // The own file first: `git pack-refs` writes the line before it removes the file.
    const loose = readLooseRef(this.disk, this.layout, name);
    if (loose !== undefined || isPrivateRef(name)) return loose;
    const packed = this.packed.all().get(name);
    return packed === undefined ? undefined : { name, ...packed };
  }

  /** The id behind a ref, symbolic ones followed; undefined when one on the way does not exist. */
  resolve(name: string): Oid | undefined {
    let next = name;
    for (let depth = 0; depth <= maxSymbolicDepth; depth += 1) {
      const ref = this.read(next);
      if (ref === undefined) return undefined;
      if ('oid' in ref) return ref.oid;
      next = ref.target;
    }
    throw new ConfigError('E_CORRUPT', `ref '${name}' leads in a circle`, {
      hint: `point it at a branch: git symbolic-ref ${shellWord(name)} refs/heads/BRANCH`,
      details: { ref: name },
    });
  }

  exists(name: string): boolean {
    return this.read(name) !== undefined;
  }

  names(prefix: string): string[] {
    const loose = looseRefNames(this.disk, this.layout, prefix);
    const packed = [...this.packed.all().keys()].filter((name) => name.startsWith(prefix));
    return [...new Set([...loose, ...packed])].toSorted();
  }

  list(prefix: string): Ref[] {
    return this.names(prefix).flatMap((name) => this.read(name) ?? []);
  }

  reflog(name: string): ReflogEntry[] {
    checkRefName(name);
    return readReflog(this.disk, reflogPath(this.layout, name));
  }

  async update(edits: readonly RefEdit[], log: RefLog): Promise<void> {
    await updateRefs(this, edits, log);
  }

  /**
   * As in Git (refs.c, should_autocreate_reflog). `git gc` takes all that a log names for commits, which what the operation log holds need
   * not be.
   */
  isLogged(name: string): boolean {
    if (this.disk.fs.stat(reflogPath(this.layout, name)) !== undefined) return true;
    if (this.logging === 'always') return true;
    return this.logging && (name === 'HEAD' || /^refs\/(?:heads|remotes|notes)\//.test(name));
  }
}
