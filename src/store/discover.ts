/** Finds the repository that a folder belongs to, and refuses the kinds that cfg cannot keep whole (git: setup.c). */
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { ConfigError } from '../errors.js';
import { booleanOf, configOf, type Environment, readConfigFile } from './config/load.js';
import { ioError, readIfPresent } from './disk.js';
import type { Fs } from './fs.js';
import type { Layout } from './layout.js';
import { checkOwner } from './owner.js';
import type { GitConfig } from './types.js';

export interface DiscoverOptions {
  readonly fs: Fs;
  readonly dir: string;
  readonly env: Environment;
}

/**
 * From `dir` upwards, or where GIT_DIR says. Nothing is written.
 *
 * Throws E_NOT_A_REPOSITORY, E_UNSUPPORTED_REPOSITORY.
 */
export function discoverLayout({ fs, dir, env }: DiscoverOptions): Layout {
  const start = realFolder(fs, resolve(dir));
  const found = env['GIT_DIR'] ? fromEnvironment(fs, start, env) : search(fs, start, env);
  if (found === undefined)
    throw new ConfigError('E_NOT_A_REPOSITORY', `no repository in '${start}' or above it`, {
      hint: 'create one with: cfg init',
      details: { dir: start },
    });
  const gitDir = realFolder(fs, found.gitDir);
  const commonDir = realFolder(fs, commonDirOf(fs, gitDir, env));
  const config = configOf(
    readConfigFile({ fs, env, layout: { gitDir, commonDir, workDir: undefined } }, join(commonDir, 'config')),
  );
  checkSupported(fs, gitDir, config);
  const layout = { gitDir, commonDir, workDir: workDirOf({ fs, gitDir, commonDir }, config, found) };
  // Who names the Git folder means it.
  if (!env['GIT_DIR']) checkOwner(fs, env, layout);
  return layout;
}

interface Found {
  readonly gitDir: string;
  /** Where `.git` stands; undefined when the folder itself is the Git folder. */
  readonly workDir: string | undefined;
  /** GIT_WORK_TREE says so. */
  readonly isExplicit?: boolean;
}

function fromEnvironment(fs: Fs, start: string, env: Environment): Found | undefined {
  const gitDir = resolve(start, env['GIT_DIR'] ?? '');
  const workDir = resolve(start, env['GIT_WORK_TREE'] || '.');
  const pointed = fs.stat(gitDir)?.kind === 'file' ? readGitFile(fs, gitDir) : gitDir;
  const isExplicit = Boolean(env['GIT_WORK_TREE']);
  return isGitFolder(fs, pointed) ? { gitDir: pointed, workDir, isExplicit } : undefined;
}

function search(fs: Fs, start: string, env: Environment): Found | undefined {
  const ceilings = new Set((env['GIT_CEILING_DIRECTORIES'] ?? '').split(':').filter((path) => path !== ''));
  for (let at = start; ; at = dirname(at)) {
    const dotGit = join(at, '.git');
    const kind = fs.stat(dotGit)?.kind;
    if (kind === 'directory' && isGitFolder(fs, dotGit)) return { gitDir: dotGit, workDir: at };
    if (kind === 'file') return { gitDir: readGitFile(fs, dotGit), workDir: at };
    if (isGitFolder(fs, at)) return { gitDir: at, workDir: undefined };
    if (dirname(at) === at || ceilings.has(dirname(at))) return undefined;
  }
}

/** git: setup.c, is_git_directory. */
export function isGitFolder(fs: Fs, path: string): boolean {
  if (fs.lstat(join(path, 'HEAD')) === undefined) return false;
  if (fs.stat(join(path, 'commondir')) !== undefined) return true;
  return (
    fs.stat(join(path, 'objects'))?.kind === 'directory' && fs.stat(join(path, 'refs'))?.kind === 'directory'
  );
}

/** A `.git` file of a linked worktree or a submodule: `gitdir: PATH`. */
function readGitFile(fs: Fs, path: string): string {
  const text = readIfPresent(fs, path)?.toString('utf8') ?? '';
  const target = /^gitdir: (.+?)\s*$/s.exec(text)?.[1];
  const gitDir = target === undefined ? undefined : resolve(dirname(path), target);
  if (gitDir !== undefined && isGitFolder(fs, gitDir)) return gitDir;
  throw new ConfigError('E_NOT_A_REPOSITORY', `'${path}' does not lead to a repository`, {
    hint: 'if it was a linked worktree that moved: git worktree repair',
    details: { path, target: target ?? null },
  });
}

function commonDirOf(fs: Fs, gitDir: string, env: Environment): string {
  if (env['GIT_COMMON_DIR']) return resolve(env['GIT_COMMON_DIR']);
  const text = readIfPresent(fs, join(gitDir, 'commondir'))?.toString('utf8').trim();
  return text === undefined || text === '' ? gitDir : resolve(gitDir, text);
}

/** GIT_WORK_TREE, then core.worktree, then where `.git` stands (git: git-config, core.worktree). */
function workDirOf(
  { fs, gitDir, commonDir }: { readonly fs: Fs; readonly gitDir: string; readonly commonDir: string },
  config: GitConfig,
  found: Found,
): string | undefined {
  if (found.isExplicit && found.workDir !== undefined) return realFolder(fs, found.workDir);
  const isLinked = gitDir !== commonDir;
  const chosen = isLinked ? undefined : config.get('core.worktree');
  if (chosen !== undefined) return realFolder(fs, isAbsolute(chosen) ? chosen : resolve(gitDir, chosen));
  if (!isLinked && booleanOf(config.get('core.bare') ?? 'false')) return undefined;
  return found.workDir === undefined ? undefined : realFolder(fs, found.workDir);
}

function realFolder(fs: Fs, path: string): string {
  try {
    return fs.realpath(path);
  } catch (error) {
    throw ioError('open', path, error);
  }
}

/** Extensions that change nothing of what cfg does with a repository. */
const harmlessExtensions = new Set([
  'noop',
  'preciousobjects',
  'partialclone',
  'worktreeconfig',
  'relativeworktrees',
]);

/** Throws E_UNSUPPORTED_REPOSITORY. Extensions count whatever the format version is: refusing too much harms nothing. */
function checkSupported(fs: Fs, gitDir: string, config: GitConfig): void {
  const version = config.get('core.repositoryformatversion') ?? '0';
  if (!/^[01]$/.test(version))
    throw unsupported(gitDir, `has format version '${version}'`, 'use a newer version of cfg, or plain git');
  const format = config.get('extensions.objectformat') ?? 'sha1';
  if (format.toLowerCase() !== 'sha1')
    throw unsupported(
      gitDir,
      `has objects of format '${format}'`,
      'convert it: git init a new repository and push the branches through: git fast-export --all',
    );
  const storage = config.get('extensions.refstorage') ?? 'files';
  if (storage.toLowerCase() !== 'files')
    throw unsupported(
      gitDir,
      `keeps its refs as '${storage}'`,
      'convert it: git refs migrate --ref-format=files',
    );
  for (const name of config.names())
    if (name.startsWith('extensions.') && !knownExtension(name.slice(11)))
      throw unsupported(
        gitDir,
        `has the extension '${name.slice(11)}'`,
        'use a newer version of cfg, or plain git',
      );
  if (fs.lstat(join(gitDir, 'HEAD'))?.kind === 'symlink')
    throw unsupported(
      gitDir,
      'has a symlink for HEAD',
      'convert it: git symbolic-ref HEAD "$(git symbolic-ref HEAD)"',
    );
}

function knownExtension(name: string): boolean {
  return harmlessExtensions.has(name) || name === 'objectformat' || name === 'refstorage';
}

function unsupported(gitDir: string, what: string, hint: string): ConfigError {
  return new ConfigError('E_UNSUPPORTED_REPOSITORY', `repository '${gitDir}' ${what}`, {
    hint,
    details: { gitDir },
  });
}
