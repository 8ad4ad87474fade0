/** What is wrong with a repository, and what can be done about it. */
import { basename, dirname, relative } from 'node:path';
import type { Oid } from '../types.js';
import type { Premises } from './premises.js';

export type ProblemKind =
  | 'layout' // a file or folder is not there that every repository has, or that this one names
  | 'config'
  | 'object' // damaged, missing, or of another type than what names it says
  | 'pack' // a pack or its index
  | 'ref'
  | 'packed-refs'
  | 'index'
  | 'reflog'
  | 'state' // of a merge, or of cfg
  | 'derived' // what git computes from the rest to be faster
  | 'lock' // left by a process that is gone
  | 'temporary'; // a file that nobody is writing any more

export interface RepositoryProblem {
  readonly kind: ProblemKind;
  /** The file, from the folder that `.git` is in; the name of a ref; or what leads to an object. */
  readonly path: string;
  readonly oid?: Oid;
  readonly message: string;
  /** What `repair` does about it; absent where only a clone or a backup helps. */
  readonly repair?: string;
  /** Whether that was done. */
  readonly repaired?: true;
}

/** A problem, and the work that mends it. */
export interface Finding {
  readonly problem: RepositoryProblem;
  readonly mend?: () => void | Promise<void>;
}

/** Something is a leftover when nobody touched it for so long, and nobody alive is known to own it. */
export const staleAfterMs = 600_000;

export function isStale({ mtimeNs }: { readonly mtimeNs: bigint }): boolean {
  return Date.now() - Number(mtimeNs / 1_000_000n) > staleAfterMs;
}

/** A path as problems show it. */
export function shownPath({ layout: { commonDir } }: Pick<Premises, 'layout'>, path: string): string {
  return relative(basename(commonDir) === '.git' ? dirname(commonDir) : commonDir, path);
}
