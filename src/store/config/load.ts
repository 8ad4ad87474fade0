/** Reads Git's configuration in Git's order, includes followed (git: git-config, FILES and CONDITIONAL INCLUDES). */
import { basename, dirname, isAbsolute, join } from 'node:path';
import { ConfigError } from '../../errors.js';
import { readIfAllowed, readIfPresent } from '../disk.js';
import type { Fs } from '../fs.js';
import { byteString, compileWildmatch } from '../ignore/wildmatch.js';
import type { Layout } from '../layout.js';
import type { GitConfig } from '../types.js';
import { type ConfigEntry, parseConfig } from './parse.js';

/** Variables that the caller hands in; nothing is read from the process itself. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigSources {
  readonly fs: Fs;
  readonly env: Environment;
  /** Undefined outside of a repository: system and user files only. */
  readonly layout?: Layout;
  /** The short name of the current branch, for `includeIf.onbranch`. */
  readonly branch?: string;
}

/** Throws E_CORRUPT for a file that does not parse, E_IO for one that cannot be read. */
export function loadGitConfig(sources: ConfigSources): GitConfig {
  const ofUser = userFiles(sources).flatMap((path) => readUserFile(sources, path));
  return configOf([...ofUser, ...repositoryEntries(sources), ...environmentEntries(sources.env)]);
}

/** A home that belongs to somebody else (sudo, a service) says nothing about this user (git: config.c, ACCESS_EACCES_OK). */
function readUserFile(sources: ConfigSources, path: string): ConfigEntry[] {
  return entriesOf(sources, path, { data: readIfAllowed(sources.fs, path), depth: 0 });
}

/** The entries of one file with what it includes; none when there is no such file. */
export function readConfigFile(sources: ConfigSources, path: string, depth = 0): ConfigEntry[] {
  if (depth > maxIncludeDepth)
    throw new ConfigError('E_CORRUPT', `Git configuration '${path}' is included too deeply`);
  return entriesOf(sources, path, { data: readIfPresent(sources.fs, path), depth });
}

function entriesOf(
  sources: ConfigSources,
  path: string,
  { data, depth }: { readonly data: Buffer | undefined; readonly depth: number },
): ConfigEntry[] {
  if (data === undefined) return [];
  return parseConfig(data.toString('utf8'), path).flatMap((entry) => {
    const included = includedPath(sources, path, entry);
    return included === undefined ? entry : readConfigFile(sources, included, depth + 1);
  });
}

const maxIncludeDepth = 10;

/** The last value wins. */
export function configOf(entries: readonly ConfigEntry[]): GitConfig {
  const values = new Map<string, string[]>();
  for (const { name, value } of entries) {
    const list = values.get(name);
    if (list === undefined) values.set(name, [value]);
    else list.push(value);
  }
  const getAll = (name: string): readonly string[] => values.get(normalName(name)) ?? [];
  return { get: (name) => getAll(name).at(-1), getAll, names: () => [...values.keys()].toSorted() };
}

/** A boolean as Git reads it; undefined for what is none. */
export function booleanOf(value: string): boolean | undefined {
  if (/^(true|yes|on|[+-]?0*[1-9]\d*)$/i.test(value)) return true;
  return /^(false|no|off|[+-]?0+|)$/i.test(value) ? false : undefined;
}

/** Section and key in lower case, a subsection as it is. */
function normalName(name: string): string {
  const [first, last] = [name.indexOf('.'), name.lastIndexOf('.')];
  return name.slice(0, first).toLowerCase() + name.slice(first, last) + name.slice(last).toLowerCase();
}

function userFiles({ env }: ConfigSources): string[] {
  const system =
    booleanOf(env['GIT_CONFIG_NOSYSTEM'] ?? '') === true
      ? []
      : [env['GIT_CONFIG_SYSTEM'] ?? '/etc/gitconfig'];
  const { GIT_CONFIG_GLOBAL: chosen, XDG_CONFIG_HOME: xdg, HOME: home } = env;
  if (chosen !== undefined) return [...system, chosen].filter((path) => path !== '');
  const folder = xdg || (home && join(home, '.config'));
  return [
    ...system,
    ...(folder ? [join(folder, 'git', 'config')] : []),
    ...(home ? [join(home, '.gitconfig')] : []),
  ];
}

function repositoryEntries(sources: ConfigSources): ConfigEntry[] {
  const { layout } = sources;
  if (layout === undefined) return [];
  const shared = readConfigFile(sources, join(layout.commonDir, 'config'));
  const perWorktree = booleanOf(configOf(shared).get('extensions.worktreeConfig') ?? '');
  return perWorktree
    ? [...shared, ...readConfigFile(sources, join(layout.gitDir, 'config.worktree'))]
    : shared;
}

/** git: GIT_CONFIG_COUNT, GIT_CONFIG_KEY_<n>, GIT_CONFIG_VALUE_<n>. */
function environmentEntries(env: Environment): ConfigEntry[] {
  const count = Number(env['GIT_CONFIG_COUNT'] ?? 0);
  if (!Number.isInteger(count) || count < 0 || count > 10_000)
    throw new ConfigError('E_USAGE', `GIT_CONFIG_COUNT is no number: '${env['GIT_CONFIG_COUNT']}'`);
  return Array.from({ length: count }, (_, index) => {
    const name = env[`GIT_CONFIG_KEY_${index}`];
    const value = env[`GIT_CONFIG_VALUE_${index}`];
    if (name === undefined || value === undefined)
      throw new ConfigError('E_USAGE', `GIT_CONFIG_KEY_${index} or GIT_CONFIG_VALUE_${index} is missing`);
    return { name: normalName(name), value };
  });
}

function includedPath(sources: ConfigSources, from: string, entry: ConfigEntry): string | undefined {
  const condition = /^includeif\.(.*)\.path$/s.exec(entry.name)?.[1];
  if (entry.name !== 'include.path' && condition === undefined) return undefined;
  if (condition !== undefined && !isMet(sources, from, condition)) return undefined;
  const path = expandHome(entry.value, sources.env);
  return path === undefined || isAbsolute(path) ? path : join(dirname(from), path);
}

export function expandHome(path: string, env: Environment): string | undefined {
  if (!path.startsWith('~/')) return path;
  return env['HOME'] === undefined ? undefined : join(env['HOME'], path.slice(2));
}

function isMet(sources: ConfigSources, from: string, condition: string): boolean {
  const [, kind = '', pattern = ''] = /^([^:]*):(.*)$/s.exec(condition) ?? [];
  if (kind === 'onbranch') {
    const glob = pattern.endsWith('/') ? `${pattern}**` : pattern;
    return sources.branch !== undefined && matches(glob, sources.branch, false);
  }
  if ((kind !== 'gitdir' && kind !== 'gitdir/i') || sources.layout === undefined) return false;
  const glob = folderGlob(sources, from, pattern);
  return glob !== undefined && matches(glob, sources.layout.gitDir, kind === 'gitdir/i');
}

function matches(glob: string, text: string, ignoreCase: boolean): boolean {
  return compileWildmatch(byteString(glob), { pathname: true, ignoreCase })(byteString(text));
}

/** `~/` and `./` are expanded, a relative pattern may begin anywhere, and a final `/` means everything below. */
function folderGlob(sources: ConfigSources, from: string, pattern: string): string | undefined {
  const whole = pattern.endsWith('/') ? `${pattern}**` : pattern;
  if (whole.startsWith('./')) return join(realFolder(sources.fs, from), whole);
  const path = expandHome(whole, sources.env);
  return path === undefined || isAbsolute(path) ? path : `**/${path}`;
}

function realFolder(fs: Fs, path: string): string {
  return dirname(join(fs.realpath(dirname(path)), basename(path)));
}
