import { ConfigError, shellWord } from '../../errors.js';
import { byteString, compileWildmatch, type IgnoreScope, rootIgnoreScope } from '../ignore/index.js';
import { checkRepoPath } from '../paths.js';
import { type IndexImage, parentsOf } from '../staging/index.js';
import { findFile } from '../trees/read.js';
import type { Oid, RepoPath } from '../types.js';
import { isFile } from './content.js';
import type { WorktreeContext } from './context.js';
import { Folders } from './folders.js';
import { diffTreeWithIndex } from './head-diff.js';
import { isRepository, scanWorktree } from './scan.js';

/**
 * The files that patterns mean: a path, all files of a folder, or a glob (`*` also matches '/'), among the tracked files and those that are neither tracked nor ignored; with
 * `tree` also among its files. Sorted. Throws E_FILE_NOT_FOUND for a pattern that matches nothing, E_BAD_PATH for one outside of the worktree.
 */
export async function matchPaths(
  context: WorktreeContext,
  patterns: readonly string[],
  tree: Oid | null,
): Promise<readonly RepoPath[]> {
  const matcher = new PathMatcher(context, tree);
  const found = new Set<RepoPath>();
  for (const typed of patterns) for (const path of await matcher.match(typed)) found.add(path);
  return [...found].toSorted();
}

class PathMatcher {
  private readonly image: IndexImage;
  private readonly folders: Folders;
  private candidates: readonly RepoPath[] | undefined;
  private readonly context: WorktreeContext;
  private readonly tree: Oid | null;

  constructor(context: WorktreeContext, tree: Oid | null) {
    this.context = context;
    this.tree = tree;
    this.image = context.index.load();
    this.folders = new Folders(context.disk.fs, context.root);
  }

  async match(typed: string): Promise<readonly RepoPath[]> {
    const path = normalPath(typed, this.context.root);
    if (path === '') return this.all();
    if (await this.isSingleFile(path)) return [path];
    const below = (await this.all()).filter((one) => one.startsWith(`${path}/`));
    const found = below.length > 0 ? below : await this.matchGlob(path);
    if (found.length > 0) return found;
    throw this.notFound(path);
  }

  private async isSingleFile(path: RepoPath): Promise<boolean> {
    const [low, high] = this.image.range(Buffer.from(path));
    if (low < high) return true;
    const stat = this.folders.stat(path);
    if (stat && isFile(stat) && !this.isIgnored(path) && !this.isForeign(path)) {
      checkRepoPath(path);
      return true;
    }
    return this.tree !== null && (await findFile(this.context, this.tree, path)) !== undefined;
  }

  private async matchGlob(pattern: string): Promise<readonly RepoPath[]> {
    if (!/[*?[]/.test(pattern)) return [];
    const bytes = byteString(pattern);
    const loose = compileWildmatch(bytes, { pathname: false, ignoreCase: false });
    const strict = compileWildmatch(bytes, { pathname: true, ignoreCase: false });
    return (await this.all()).filter((path) => {
      const name = byteString(path);
      return loose(name) || strict(name);
    });
  }

  private async all(): Promise<readonly RepoPath[]> {
    this.candidates ??= await this.listCandidates();
    return this.candidates;
  }

  private async listCandidates(): Promise<readonly RepoPath[]> {
    const paths = new Set(scanWorktree(this.context, this.image).untracked);
    for (let at = 0; at < this.image.count; at += 1) paths.add(this.image.path(at));
    if (this.tree !== null) {
      const changes = await diffTreeWithIndex(this.context.objects, this.tree, this.image);
      for (const { path, change } of changes) if (change === 'deleted') paths.add(path);
    }
    return [...paths].toSorted();
  }

  private isIgnored(path: RepoPath): boolean {
    const [name = '', ...parents] = path.split('/').toReversed();
    const { context, folders } = this;
    let folder = '';
    let scope: IgnoreScope = rootIgnoreScope(
      { ...context, fs: context.disk.fs },
      folders.stat('.gitignore')?.kind === 'file',
    );
    for (const parent of parents.toReversed()) {
      folder += `${parent}/`;
      scope = scope.enter(parent, folders.stat(`${folder}.gitignore`)?.kind === 'file');
    }
    return scope.isIgnored(name, false);
  }

  private isForeign(path: RepoPath): boolean {
    return parentsOf(path).some((parent) => {
      const [low, high] = this.image.range(Buffer.from(parent));
      return (
        (low < high && this.image.modeBits(low) === 0o160000) || isRepository(this.context, `${parent}/`)
      );
    });
  }

  private notFound(path: RepoPath): ConfigError {
    const stat = this.folders.stat(path);
    if (stat && isFile(stat) && this.isIgnored(path)) {
      return new ConfigError('E_FILE_NOT_FOUND', `'${path}' is ignored`, {
        hint: `see by which rule: git check-ignore -v ${shellWord(path)}`,
      });
    }
    return new ConfigError('E_FILE_NOT_FOUND', `no file matches '${path}'`, {
      hint: 'see what there is to add: cfg status',
    });
  }
}

/** Relative to the root, without `.`, `..` and empty names. Throws E_BAD_PATH outside of the root. */
function normalPath(typed: string, root: string): string {
  const relative = typed === root || typed.startsWith(`${root}/`) ? typed.slice(root.length + 1) : typed;
  const names: string[] = [];
  for (const name of relative.split('/')) {
    if (name === '..' ? names.pop() === undefined : name.includes('\0')) throw outside(typed);
    if (name !== '' && name !== '.' && name !== '..') names.push(name);
  }
  if (relative.startsWith('/')) throw outside(typed);
  return names.join('/');
}

function outside(typed: string): ConfigError {
  return new ConfigError('E_BAD_PATH', `'${typed}' is outside of the worktree`);
}
