/** A disk for command lines, which open theirs themselves. Imports nothing that runs: `vi.mock` needs it before everything else. */
import type { Fs } from '../../src/store/index.js';

export const current: { fs: Fs | undefined } = { fs: undefined };

/** `src/store/fs.ts` with its disk replaced, for as long as there is another one. */
export function behind<T extends { readonly nodeFileSystem: Fs }>(actual: T): T {
  return Object.defineProperty({ ...actual }, 'nodeFileSystem', {
    enumerable: true,
    get: () => current.fs ?? actual.nodeFileSystem,
  });
}
