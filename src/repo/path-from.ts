import type { RepoPath } from '../store/index.js';

/**
 * The repository path that a file means by a path in it: from the folder of the file, or with a leading `/` from the root. Undefined for
 * one that leads out of the repository.
 */
export function pathFrom(file: RepoPath, typed: string): RepoPath | undefined {
  const parts = typed.startsWith('/') ? [] : file.split('/').slice(0, -1);
  for (const part of typed.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
