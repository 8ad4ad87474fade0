import type { FileChange, FileEntry, ObjectStore } from '../types.js';
import { type Fingerprint, fingerprint, minimumScore, similarityScore } from './similarity.js';

/** As diff.renameLimit: with more candidates than its square only exact renames are found. */
const renameLimit = 1000;

/** Larger files are not compared by content, only exactly. */
const maxBytes = 16 * 1024 * 1024;

interface Added {
  readonly path: string;
  readonly after: FileEntry;
}

interface Deleted {
  readonly path: string;
  readonly before: FileEntry;
}

/**
 * Joins deleted and added files to renames as `git status` does: equal content first, then files that kept their name in another folder,
 * then whatever is at least half the same, most similar first. Sorted by path. Throws E_OBJECT_MISSING, E_CORRUPT.
 */
export async function detectRenames(
  objects: ObjectStore,
  changes: readonly FileChange[],
): Promise<readonly FileChange[]> {
  const search = new RenameSearch(objects, changes);
  if (search.sources.length === 0 || search.targets.length === 0) return changes;
  search.findExact();
  await search.findByName();
  await search.findSimilar();
  return search.result(changes);
}

const isGitlink = ({ mode }: FileEntry): boolean => mode === '160000';
const isRegular = ({ mode }: FileEntry): boolean => mode.startsWith('100');
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

class RenameSearch {
  readonly sources: readonly Deleted[];
  readonly targets: readonly Added[];
  private readonly sourceOf = new Map<string, Deleted>();
  private readonly used = new Set<Deleted>();
  private readonly prints = new Map<string, Fingerprint>();
  private readonly objects: ObjectStore;

  constructor(objects: ObjectStore, changes: readonly FileChange[]) {
    this.objects = objects;
    this.sources = changes.flatMap(({ change, path, before }) =>
      change === 'deleted' && before && !isGitlink(before) ? [{ path, before }] : [],
    );
    this.targets = changes.flatMap(({ change, path, after }) =>
      change === 'added' && after && !isGitlink(after) ? [{ path, after }] : [],
    );
  }

  /** Of several sources with the content, one that was not taken yet and has the same name. */
  findExact(): void {
    const byOid = new Map<string, Deleted[]>();
    for (const source of this.sources)
      byOid.set(source.before.oid, [...(byOid.get(source.before.oid) ?? []), source]);
    for (const target of this.targets) {
      const free = (byOid.get(target.after.oid) ?? []).filter(
        (source) =>
          !this.used.has(source) &&
          (source.before.mode === target.after.mode || (isRegular(source.before) && isRegular(target.after))),
      );
      const source = free.find(({ path }) => nameOf(path) === nameOf(target.path)) ?? free[0];
      if (source) this.join(target, source);
    }
  }

  /** A file whose name is unique among the deleted and among the added moved to another folder, if three quarters stayed. */
  async findByName(): Promise<void> {
    const sources = uniqueNames(this.freeSources());
    const targets = uniqueNames(this.freeTargets());
    for (const [name, target] of targets) {
      const source = sources.get(name);
      if (source && (await this.score(source, target)) >= minimumScore * 1.5) this.join(target, source);
    }
  }

  async findSimilar(): Promise<void> {
    const [sources, targets] = [this.freeSources(), this.freeTargets()];
    if (sources.length * targets.length > renameLimit ** 2) return;
    const pairs: { target: Added; source: Deleted; score: number; sameName: boolean }[] = [];
    for (const target of targets) {
      for (const source of sources) {
        const score = await this.score(source, target);
        const sameName = nameOf(source.path) === nameOf(target.path);
        if (score >= minimumScore) pairs.push({ target, source, score, sameName });
      }
    }
    pairs.sort((a, b) => b.score - a.score || Number(b.sameName) - Number(a.sameName));
    for (const { target, source } of pairs) {
      if (!this.sourceOf.has(target.path) && !this.used.has(source)) this.join(target, source);
    }
  }

  result(changes: readonly FileChange[]): FileChange[] {
    const gone = new Set([...this.used].map(({ path }) => path));
    return changes.flatMap((change): FileChange[] => {
      const source = change.change === 'added' ? this.sourceOf.get(change.path) : undefined;
      if (source) return [{ ...change, change: 'renamed', from: source.path, before: source.before }];
      return change.change === 'deleted' && gone.has(change.path) ? [] : [change];
    });
  }

  private freeSources(): Deleted[] {
    return this.sources.filter((source) => !this.used.has(source) && isRegular(source.before));
  }

  private freeTargets(): Added[] {
    return this.targets.filter(({ path, after }) => !this.sourceOf.has(path) && isRegular(after));
  }

  private join(target: Added, source: Deleted): void {
    this.sourceOf.set(target.path, source);
    this.used.add(source);
  }

  private async score(source: Deleted, target: Added): Promise<number> {
    const [before, after] = [await this.print(source.before), await this.print(target.after)];
    return similarityScore(before, after);
  }

  private async print({ oid }: FileEntry): Promise<Fingerprint> {
    const known = this.prints.get(oid);
    if (known) return known;
    const { data } = await this.objects.read(oid);
    const print = data.length > maxBytes ? { size: data.length, pieces: new Map() } : fingerprint(data);
    this.prints.set(oid, print);
    return print;
  }
}

function uniqueNames<T extends { readonly path: string }>(files: readonly T[]): Map<string, T> {
  const names = new Map<string, T>();
  const twice = new Set<string>();
  for (const file of files) {
    const name = nameOf(file.path);
    if (names.has(name)) twice.add(name);
    names.set(name, file);
  }
  for (const name of twice) names.delete(name);
  return names;
}
