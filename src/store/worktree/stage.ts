import { ConfigError } from '../../errors.js';
import type { FileStat } from '../fs.js';
import { objectOid } from '../objects/oid.js';
import { checkRepoPath } from '../paths.js';
import { type IndexImage, isRacy, matchesStat, type NewEntry, parentsOf } from '../staging/index.js';
import type { IndexEntry, RawObject, RepoPath, StagePlan } from '../types.js';
import { compareFile, isFile, isIntentToAdd, modeOf, readContent } from './content.js';
import type { WorktreeContext } from './context.js';
import { Folders } from './folders.js';
import { isRepository } from './scan.js';

/**
 * Puts the present content of files, or their absence, into the index. Files are read and their blobs written before the index is locked; whoever changes the
 * index meanwhile keeps the changes to other paths. Returns the paths whose entry is another one now, sorted.
 *
 * Throws E_BAD_PATH (not a path of the repository, below a symlink or a submodule, neither file nor symlink, name not UTF-8), E_LIMIT, E_LOCKED, E_IO.
 */
export async function stageFiles(
  context: WorktreeContext,
  paths: readonly RepoPath[],
): Promise<readonly RepoPath[]> {
  const { objects, apply } = await planStage(context, paths);
  if (objects.length > 0) await context.objects.write(objects);
  return apply();
}

/** {@link stageFiles} up to the point where something is written (but for blobs of more than 64 MiB together). Throws the same. */
export async function planStage(context: WorktreeContext, paths: readonly RepoPath[]): Promise<StagePlan> {
  const image = context.index.load();
  const folders = new Folders(context.disk.fs, context.root);
  const entries = new Map<RepoPath, NewEntry | undefined>();
  const blobs = new BlobBatch(context);
  const isRepositoryAt = rememberRepositories(context);
  for (const path of new Set(paths)) {
    checkRepoPath(path);
    const stat = fileToStage(isRepositoryAt, { image, folders, path });
    if (stat === 'gitlink') continue;
    const unchanged = stat && unchangedEntry(context, image, { path, stat });
    entries.set(path, stat && (unchanged ?? (await readEntry(context, { image, folders, path, blobs }))));
  }
  return {
    entries: new Map([...entries].map(([path, entry]) => [path, entry ?? null])),
    objects: blobs.objects,
    apply: () => enter(context, entries),
  };
}

function enter(
  context: WorktreeContext,
  entries: ReadonlyMap<RepoPath, NewEntry | undefined>,
): Promise<readonly RepoPath[]> {
  return context.index.edit((now) => {
    const set = new Map<RepoPath, readonly NewEntry[]>();
    const refreshed = new Map<number, FileStat>();
    for (const [path, entry] of entries) {
      const at = sameEntry(now, path, entry);
      if (at === undefined) set.set(path, entry ? [entry] : []);
      else if (entry?.stat && !looksTheSame(context, now, { at, stat: entry.stat }))
        refreshed.set(at, entry.stat);
    }
    const edit = set.size > 0 || refreshed.size > 0 ? { edit: { set, refreshed } } : {};
    return { ...edit, result: [...set.keys()].toSorted() };
  });
}

interface Subject {
  readonly image: IndexImage;
  readonly folders: Folders;
  readonly path: RepoPath;
}

/** What to stage at a path; undefined when there is nothing (any more). A submodule is left as it is. */
function fileToStage(
  isRepositoryAt: (folder: RepoPath) => boolean,
  { image, folders, path }: Subject,
): FileStat | undefined | 'gitlink' {
  for (const parent of parentsOf(path)) {
    const [low, high] = image.range(Buffer.from(parent));
    if (low < high && image.modeBits(low) === 0o160000)
      throw badPath(path, `it is in the submodule '${parent}'`);
  }
  const [low, high] = image.range(Buffer.from(path));
  const stat = folders.stat(path);
  if (stat === undefined || stat.kind === 'directory') {
    if (low < high) return image.modeBits(low) === 0o160000 ? 'gitlink' : undefined;
    throw notThere(folders, path, stat);
  }
  if (!isFile(stat)) throw badPath(path, 'it is neither a file nor a symlink');
  const repository = low < high ? undefined : parentsOf(path).find(isRepositoryAt);
  if (repository !== undefined) throw badPath(path, `it is in another repository, '${repository}'`);
  return stat;
}

/** Files of one folder have its parents in common: each is looked at once. */
function rememberRepositories(context: WorktreeContext): (folder: RepoPath) => boolean {
  const known = new Map<RepoPath, boolean>();
  return (folder) => {
    const answer = known.get(folder) ?? isRepository(context, `${folder}/`);
    known.set(folder, answer);
    return answer;
  };
}

function notThere(folders: Folders, path: RepoPath, stat: FileStat | undefined): ConfigError {
  const obstacle = folders.obstacle(path);
  if (obstacle !== undefined) return badPath(path, `'${obstacle}' is not a folder`);
  if (stat) return badPath(path, 'it is a folder');
  if (path.includes('\uFFFD')) return badPath(path, 'its name is not UTF-8', 'rename it');
  return new ConfigError('E_FILE_NOT_FOUND', `no file '${path}' in the worktree or the index`);
}

function badPath(path: RepoPath, why: string, hint?: string): ConfigError {
  return new ConfigError('E_BAD_PATH', `cannot stage '${path}': ${why}`, hint === undefined ? {} : { hint });
}

/** The entry as it is, with new stat data, when the file still has its content (or the one that git would make of it: core.autocrlf). */
function unchangedEntry(
  context: WorktreeContext,
  image: IndexImage,
  { path, stat }: { readonly path: RepoPath; readonly stat: FileStat },
): NewEntry | undefined {
  const [low, high] = image.range(Buffer.from(path));
  if (high !== low + 1 || image.stage(low) !== 0 || isIntentToAdd(image, low)) return undefined;
  if (compareFile(context, image, { at: low, path, stat }) === 'modified') return undefined;
  return { ...image.entry(low), stat };
}

/** Looks before and after reading, so that the stat data in the index are those of the content. */
async function readEntry(
  context: WorktreeContext,
  { image, folders, path, blobs }: Subject & { readonly blobs: BlobBatch },
): Promise<NewEntry | undefined> {
  const fsPath = folders.fsPath(path);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const before = folders.stat(path);
    if (!before || !isFile(before)) return undefined;
    const data = readContent(context.disk.fs, fsPath, before.kind);
    const after = folders.stat(path);
    if (
      !after ||
      after.mtimeNs !== before.mtimeNs ||
      after.ctimeNs !== before.ctimeNs ||
      after.ino !== before.ino
    )
      continue;
    const oid = await blobs.add(data);
    return { path, mode: modeOf(before, context.rules, knownMode(image, path)), oid, stage: 0, stat: before };
  }
  throw new ConfigError('E_IO', `'${path}' does not stop changing`, { hint: 'run the command again' });
}

/** Our side, where the path is in conflict. */
function knownMode(image: IndexImage, path: RepoPath): IndexEntry['mode'] | undefined {
  const [low, high] = image.range(Buffer.from(path));
  const at = high - low > 1 ? image.lowerBound(Buffer.from(path), 2) : low;
  return low < high ? image.mode(Math.min(at, high - 1)) : undefined;
}

/** The number of the entry that says the same already; `at` is -1 where nothing is wanted and nothing is there. */
function sameEntry(image: IndexImage, path: RepoPath, entry: NewEntry | undefined): number | undefined {
  const [low, high] = image.range(Buffer.from(path));
  if (!entry) return low === high ? -1 : undefined;
  if (high !== low + 1 || image.stage(low) !== 0 || isIntentToAdd(image, low)) return undefined;
  return image.mode(low) === entry.mode && image.oid(low) === entry.oid ? low : undefined;
}

function looksTheSame(
  { rules }: WorktreeContext,
  image: IndexImage,
  { at, stat }: { readonly at: number; readonly stat: FileStat },
): boolean {
  return matchesStat(image, at, { stat, rules }) && !isRacy(image, at, rules);
}

const batchBytes = 64 * 1024 * 1024;

/** Blobs on their way to the object store; so many that memory is a concern are written as they come. */
class BlobBatch {
  objects: RawObject[] = [];
  private size = 0;
  private readonly context: WorktreeContext;

  constructor(context: WorktreeContext) {
    this.context = context;
  }

  async add(data: Uint8Array): Promise<string> {
    this.objects.push({ type: 'blob', data });
    this.size += data.length;
    if (this.size > batchBytes) await this.flush();
    return objectOid('blob', data);
  }

  private async flush(): Promise<void> {
    const { objects } = this;
    [this.objects, this.size] = [[], 0];
    await this.context.objects.write(objects);
  }
}
