import { ConfigError } from '../../errors.js';
import type { FileStat } from '../fs.js';
import { objectOid } from '../objects/oid.js';
import { checkRepoPath } from '../paths.js';
import {
  extendedFlag,
  type IndexEdit,
  type IndexImage,
  knownTree,
  type NewEntry,
  parentsOf,
} from '../staging/index.js';
import { diffTrees, findFile } from '../trees/read.js';
import type { FileChange, FileEntry, IndexEntry, Oid, RepoPath, UnmergedFile } from '../types.js';
import { rebuildCacheTree } from './cache.js';
import { compareFile } from './content.js';
import type { WorktreeContext } from './context.js';
import { Folders } from './folders.js';
import { holds, obstaclesOf, refuseToOverwrite } from './obstacles.js';
import { Publication, type Target } from './publish.js';

/** A path that differs between the two trees, or is in conflict. */
interface Step {
  readonly path: RepoPath;
  readonly before: FileEntry | undefined;
  readonly after: Target | undefined;
  /** What the index has afterwards. */
  readonly entries: readonly IndexEntry[];
}

/** What happens to the file of a step. `keep`: it is what it shall be already; `skip`: the index too. */
type Action = 'write' | 'remove' | 'keep' | 'skip';

interface Decision {
  readonly step: Step;
  readonly action: Action;
}

/**
 * Moves worktree and index from one tree to another, touching only what differs. Local changes to other paths are carried, staged or not. New content is made ready
 * first; then, under `index.lock`, all paths are checked once more, old files removed, new ones renamed into place (each whole), and last of all the index is written.
 *
 * After a crash in between some files are the new ones and the index is the old one; the same checkout completes it, as files that have their new content already
 * are in nobody's way. Throws E_LOCAL_CHANGES (details: {paths}) before anything is changed, E_STALE, E_OBJECT_MISSING, E_CORRUPT, E_LOCKED, E_IO.
 */
export async function checkoutTrees(
  context: WorktreeContext,
  trees: { readonly from: Oid | null; readonly to: Oid },
  unmerged: readonly UnmergedFile[],
): Promise<void> {
  const steps = await stepsOf(context, await diffTrees(context, trees.from, trees.to), {
    from: trees.from,
    unmerged,
  });
  const image = context.index.load();
  const early = decide(context, image, steps);
  const cacheTree =
    unmerged.length === 0 ? await rebuildCacheTree(context.objects, knownTree(image), trees.to) : undefined;
  const publication = new Publication(context);
  try {
    await publication.prepare(targetsOf(early));
    await context.index.edit((now) => {
      const decisions = decide(context, now, steps);
      const stats = publication.publish(removalsOf(decisions), targetsOf(decisions));
      const isExact =
        knownTree(now)?.oid === trees.from && decisions.every(({ action }) => action !== 'skip');
      const edit = indexEdit(context, { image: now, decisions, stats });
      return { edit: isExact && cacheTree ? { ...edit, cacheTree } : edit, result: undefined };
    });
  } finally {
    publication.discard();
  }
}

/** Throws E_LOCAL_CHANGES as a checkout of these changes would; writes nothing, and reads no object. */
export function previewCheckout(context: WorktreeContext, changes: readonly FileChange[]): void {
  decide(context, context.index.load(), changes.map(stepOf));
}

function stepOf({ path, before, after }: FileChange): Step {
  return { path, before, after, entries: after ? [{ ...after, stage: 0 }] : [] };
}

async function stepsOf(
  context: WorktreeContext,
  changes: readonly FileChange[],
  { from, unmerged }: { readonly from: Oid | null; readonly unmerged: readonly UnmergedFile[] },
): Promise<readonly Step[]> {
  const steps = new Map(changes.map((change) => [change.path, stepOf(change)]));
  for (const file of unmerged) {
    const before = from === null ? undefined : await findFile(context, from, file.path);
    steps.set(file.path, { path: file.path, before, after: contentOf(file), entries: stagesOf(file) });
  }
  for (const path of steps.keys()) checkRepoPath(path);
  for (const { path, after } of steps.values()) if (after) refuseTwofold(path, steps);
  return [...steps.values()];
}

/** Throws E_CORRUPT for a tree that has one name as a file and as a folder: nothing may be written through what was just written. */
function refuseTwofold(path: RepoPath, steps: ReadonlyMap<RepoPath, Step>): void {
  const file = parentsOf(path).find((parent) => steps.get(parent)?.after !== undefined);
  if (file === undefined) return;
  throw new ConfigError('E_CORRUPT', `tree holds the name '${file}' as a file and as a folder`, {
    hint: 'run: cfg fsck',
    details: { path: file },
  });
}

function contentOf({ path, content }: UnmergedFile): Target | undefined {
  return content && { path, mode: content.mode, data: content.data, oid: objectOid('blob', content.data) };
}

function stagesOf({ path, base, ours, theirs }: UnmergedFile): IndexEntry[] {
  const entries: IndexEntry[] = [];
  if (base) entries.push({ path, mode: base.mode, oid: base.oid, stage: 1 });
  if (ours) entries.push({ path, mode: ours.mode, oid: ours.oid, stage: 2 });
  if (theirs) entries.push({ path, mode: theirs.mode, oid: theirs.oid, stage: 3 });
  return entries;
}

/** Throws E_LOCAL_CHANGES. */
function decide(context: WorktreeContext, image: IndexImage, steps: readonly Step[]): readonly Decision[] {
  const folders = new Folders(context.disk.fs, context.root);
  const removals = new Set(steps.filter((step) => isRemoval(image, step)).map(({ path }) => path));
  const blocked: RepoPath[] = [];
  const decisions = steps.map((step): Decision => {
    const decision = decideStep({ context, image, folders, removals }, step);
    if (typeof decision === 'string') return { step, action: decision };
    blocked.push(...decision);
    return { step, action: 'skip' };
  });
  refuseToOverwrite(blocked);
  return decisions;
}

/** Whether the file goes. One that is not in the index any more is somebody's own file, if there is one. */
function isRemoval(image: IndexImage, { path, before, after }: Step): boolean {
  const [low, high] = image.range(Buffer.from(path));
  return !after && low < high && isSame(image.entry(low), before);
}

interface Scene {
  readonly context: WorktreeContext;
  readonly image: IndexImage;
  readonly folders: Folders;
  readonly removals: ReadonlySet<RepoPath>;
}

/** The action, or the paths that are in the way (git: Documentation/git-read-tree, two tree merge). */
function decideStep(scene: Scene, step: Step): Action | readonly RepoPath[] {
  const { path, before, after, entries } = step;
  const [low, high] = scene.image.range(Buffer.from(path));
  if (low === high) {
    if (!after) return entries.length === 0 ? 'skip' : 'keep';
    return before ? [path] : decideNew(scene, path, after);
  }
  if (scene.image.stage(low) !== 0) return [path];
  const entry = scene.image.entry(low);
  if (isSame(entry, before)) return decideTracked(scene, { at: low, path, before }, after);
  return isSame(entry, after) && entries.every(({ stage }) => stage === 0) ? 'skip' : [path];
}

function isSame(entry: FileEntry, other: FileEntry | undefined): boolean {
  return entry.mode === other?.mode && entry.oid === other.oid;
}

/** A file that neither the index nor the old tree has. */
function decideNew(
  { context, image, folders, removals }: Scene,
  path: RepoPath,
  after: Target,
): Action | readonly RepoPath[] {
  const stat = folders.stat(path);
  if (stat?.kind === 'directory' && after.mode === '160000') return 'keep';
  const obstacles = [...stagedObstacles(image, path, removals), ...obstaclesOf(folders, path, removals)];
  if (obstacles.length > 0) return obstacles;
  if (!stat || stat.kind === 'directory') return 'write';
  return holds(context, after, stat) ? 'keep' : [path];
}

/** What is staged where the path needs a folder, or below it: the index can have only one of them. */
function stagedObstacles(image: IndexImage, path: RepoPath, removals: ReadonlySet<RepoPath>): RepoPath[] {
  const found = parentsOf(path).filter((parent) => {
    const [low, high] = image.range(Buffer.from(parent));
    return low < high;
  });
  const [low, high] = image.below(Buffer.from(`${path}/`));
  for (let at = low; at < high; at += 1) found.push(image.path(at));
  return found.filter((one) => !removals.has(one));
}

/** A file whose entry is that of the old tree. */
function decideTracked(
  { context, image, folders, removals }: Scene,
  {
    at,
    path,
    before,
  }: { readonly at: number; readonly path: RepoPath; readonly before: FileEntry | undefined },
  after: Target | undefined,
): Action | readonly RepoPath[] {
  const action = after ? 'write' : 'remove';
  const stat = folders.stat(path);
  if (!stat && isSkipped(image, at)) return 'keep';
  if (!stat || stat.kind === 'directory') {
    if (!after) return before?.mode === '160000' && stat ? 'remove' : 'keep';
    if (after.mode === '160000' && stat) return 'keep';
    const obstacles = obstaclesOf(folders, path, removals);
    return obstacles.length > 0 ? obstacles : action;
  }
  if (before?.mode === '160000') return [path];
  if (compareFile(context, image, { at, path, stat }) !== 'modified') return action;
  return after && holds(context, after, stat) ? 'keep' : [path];
}

function isSkipped(image: IndexImage, at: number): boolean {
  return (image.extendedFlags(at) & extendedFlag.skipWorktree) !== 0;
}

function targetsOf(decisions: readonly Decision[]): Target[] {
  return decisions.flatMap(({ action, step }) => (action === 'write' && step.after ? [step.after] : []));
}

function removalsOf(decisions: readonly Decision[]): RepoPath[] {
  return decisions.flatMap(({ action, step: { path, before, after } }) => {
    const isReplaced = action === 'write' && before?.mode === '160000' && after?.mode !== '160000';
    return action === 'remove' || isReplaced ? [path] : [];
  });
}

interface Outcome {
  readonly image: IndexImage;
  readonly decisions: readonly Decision[];
  readonly stats: ReadonlyMap<RepoPath, FileStat>;
}

function indexEdit(context: WorktreeContext, { image, decisions, stats }: Outcome): IndexEdit {
  const folders = new Folders(context.disk.fs, context.root);
  const set = new Map<RepoPath, readonly NewEntry[]>();
  for (const { action, step } of decisions) {
    if (action === 'skip') continue;
    const stat = stats.get(step.path) ?? (action === 'keep' ? folders.stat(step.path) : undefined);
    const [low, high] = image.range(Buffer.from(step.path));
    const skipWorktree = action === 'keep' && !stat && low < high && isSkipped(image, low);
    set.set(
      step.path,
      step.entries.map((entry) => withStat(entry, stat, skipWorktree)),
    );
  }
  return { set };
}

/** Stat data belong to a resolved entry only, and only when its file was looked at. */
function withStat(entry: IndexEntry, stat: FileStat | undefined, skipWorktree: boolean): NewEntry {
  const isFilePresent = entry.stage === 0 && stat !== undefined && stat.kind !== 'directory';
  return { ...entry, ...(isFilePresent ? { stat } : {}), skipWorktree };
}
