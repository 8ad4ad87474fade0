import { join } from 'node:path';
import { readIfAllowed } from '../disk.js';
import type { Fs } from '../fs.js';
import type { GitConfig } from '../types.js';
import { type IgnorePattern, parsePatterns } from './patterns.js';
import { byteString } from './wildmatch.js';

export interface IgnoreOptions {
  readonly fs: Fs;
  /** Root of the worktree. */
  readonly root: string;
  /** The folder with `info/exclude`. */
  readonly commonDir: string;
  readonly config: GitConfig;
  /** HOME and XDG_CONFIG_HOME are read from here. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The ignore rules as they stand in one folder. */
export interface IgnoreScope {
  /** The folder itself is ignored, and so is all that is in it: no pattern can bring it back. */
  readonly excluded: boolean;
  /** Whether a file or a folder in this folder is ignored. */
  isIgnored(name: string, isFolder: boolean): boolean;
  /** The rules in a folder below; its `.gitignore` is read when `hasIgnoreFile`. Throws E_IO. */
  enter(name: string, hasIgnoreFile: boolean): IgnoreScope;
}

interface PatternList {
  /** Length of the path of the folder that the patterns belong to, with its '/'. */
  readonly baseLength: number;
  readonly patterns: readonly IgnorePattern[];
}

/**
 * The rules of the root folder: core.excludesFile (default `$XDG_CONFIG_HOME/git/ignore`), then `.git/info/exclude`, then its
 * `.gitignore`; a later pattern beats an earlier one, that of a deeper folder one further up. Equal to `git check-ignore`. Throws E_IO.
 */
export function rootIgnoreScope(options: IgnoreOptions, hasIgnoreFile: boolean): IgnoreScope {
  const ignoreCase = isTrue(options.config.get('core.ignorecase'));
  const read = (path: string, baseLength: number): PatternList => {
    // git warns of one that it may not read, and goes on (dir.c).
    const text = readIfAllowed(options.fs, path)?.toString('latin1') ?? '';
    return { baseLength, patterns: parsePatterns(text, ignoreCase) };
  };
  const outer = [excludesFile(options), join(options.commonDir, 'info', 'exclude')]
    .filter((path) => path !== undefined)
    .map((path) => read(path, 0));
  const folder = (path: string): PatternList => {
    const fsPath = join(options.root, path, '.gitignore');
    return read(fsPath, byteString(path).length);
  };
  return scopeOf({
    path: '',
    lists: hasIgnoreFile ? [...outer, folder('')] : outer,
    excluded: false,
    folder,
  });
}

interface ScopeParts {
  /** Of the folder, with '/' at its end; '' for the root. */
  readonly path: string;
  /** Later ones win. */
  readonly lists: readonly PatternList[];
  readonly excluded: boolean;
  readonly folder: (path: string) => PatternList;
}

function scopeOf(parts: ScopeParts): IgnoreScope {
  const { path, excluded, folder } = parts;
  const lists = parts.lists.filter(({ patterns }) => patterns.length > 0);
  const prefix = byteString(path);
  const isIgnored = (name: string, isFolder: boolean): boolean =>
    excluded || (lists.length > 0 && isMatched(lists, { prefix, name: byteString(name), isFolder }));
  return {
    excluded,
    isIgnored,
    enter: (name, hasIgnoreFile) => {
      const below = `${path}${name}/`;
      const inside = isIgnored(name, true);
      const added = hasIgnoreFile && !inside ? [folder(below)] : [];
      return scopeOf({ path: below, lists: [...lists, ...added], excluded: inside, folder });
    },
  };
}

interface Subject {
  readonly prefix: string;
  readonly name: string;
  readonly isFolder: boolean;
}

function isMatched(lists: readonly PatternList[], { prefix, name, isFolder }: Subject): boolean {
  const path = prefix + name;
  for (let at = lists.length - 1; at >= 0; at -= 1) {
    const { patterns = [], baseLength = 0 } = lists[at] ?? {};
    const below = path.slice(baseLength);
    for (let line = patterns.length - 1; line >= 0; line -= 1) {
      const pattern = patterns[line];
      if (!pattern || (pattern.foldersOnly && !isFolder)) continue;
      if (pattern.matches(pattern.nameOnly ? name : below)) return !pattern.negated;
    }
  }
  return false;
}

function excludesFile({ config, env, root }: IgnoreOptions): string | undefined {
  const configured = config.get('core.excludesfile');
  const home = env['HOME'];
  if (configured?.startsWith('~/')) return home && join(home, configured.slice(2));
  if (configured !== undefined) return configured.startsWith('/') ? configured : join(root, configured);
  if (env['XDG_CONFIG_HOME']) return join(env['XDG_CONFIG_HOME'], 'git', 'ignore');
  return home && join(home, '.config', 'git', 'ignore');
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(true|yes|on|1)$/i.test(value);
}
