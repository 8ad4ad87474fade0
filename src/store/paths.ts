/**
 * Which names may stand in a tree. Git refuses to check out anything that some system takes for `.git`; a name that only looks
 * harmless here must not become dangerous on another machine (git: verify_path, is_ntfs_dotgit, is_hfs_dotgit).
 */
import { ConfigError } from '../errors.js';
import type { RepoPath } from './types.js';

/** Code points that HFS+ ignores in a file name. */
const ignoredByHfs = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;
const dotGit = /^(\.git|git~1)[ .]*(:.*)?$/i;

/** Whether one name of a tree is safe: no separator, no NUL, not `.`, `..` or `.git` in any spelling. */
export function isSafeName(name: string): boolean {
  if (name === '' || name === '.' || name === '..') return false;
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    if (code === 0 || code === 47) return false;
    if (code === 92 || code === 58 || code > 127) return isSafeOddName(name);
  }
  return !mayBeDotGit(name) || !dotGit.test(name);
}

/** Throws E_BAD_PATH unless `path` may be a file of a repository. */
export function checkRepoPath(path: string): asserts path is RepoPath {
  if (path !== '' && path.split('/').every(isSafeName)) return;
  if (path === '')
    throw new ConfigError('E_BAD_PATH', 'the root of a repository is a folder', {
      hint: 'name a file in it',
    });
  throw new ConfigError('E_BAD_PATH', `not a path of a repository: '${path}'`, {
    hint: "write it relative to the root, with '/' and without '.', '..' and '.git'",
    details: { path },
  });
}

function mayBeDotGit(name: string): boolean {
  const first = name.charCodeAt(0);
  return first === 46 || first === 71 || first === 103;
}

/** A backslash separates folders on Windows, and a colon begins a stream of a file. */
function isSafeOddName(name: string): boolean {
  if (name.includes('\0') || name.includes('/')) return false;
  const plain = name.replace(ignoredByHfs, '');
  return plain.split('\\').every((part) => !dotGit.test(part) && (part !== '..' || !name.includes('\\')));
}
