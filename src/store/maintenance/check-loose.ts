import { isConfigError } from '../../errors.js';
import { LooseObjects } from '../objects/loose.js';
import { objectOid } from '../objects/oid.js';
import { openIndex } from '../staging/index.js';
import type { Oid } from '../types.js';
import { parseObject } from './check-content.js';
import type { ObjectCensus } from './census.js';
import { type Finding, shownPath } from './finding.js';
import type { Inventory, LooseFile } from './inventory.js';
import type { Premises } from './premises.js';
import { moveAside } from './set-aside.js';

/** Loose objects that are not whole. Whole ones go into the census. */
export function findDamagedLoose(
  { disk, objectsDir }: Premises,
  inventory: Inventory,
  census: ObjectCensus,
): LooseFile[] {
  const loose = new LooseObjects(disk, objectsDir);
  return inventory.loose.filter(({ oid }) => {
    try {
      const object = loose.read(oid);
      if (object === undefined) return false;
      parseObject(object);
      census.whole.set(oid, object.type);
      return false;
    } catch (error) {
      if (!isConfigError(error, 'E_CORRUPT')) throw error;
      return true;
    }
  });
}

export interface DamagedLoose {
  readonly file: LooseFile;
  readonly census: ObjectCensus;
  /** Something that must be readable leads to it. */
  readonly isNeeded: boolean;
}

/** What a damaged loose object means, and what can be done: there may be another copy, in a pack or in the worktree. */
export function judgeLoose(premises: Premises, { file, census, isNeeded }: DamagedLoose): Finding {
  const { oid } = file;
  const problem = {
    kind: 'object',
    path: shownPath(premises, file.path),
    oid,
    message: file.stat.size === 0 ? 'is empty' : 'is damaged',
  } as const;
  const aside = (): void => moveAside(premises, file.path);
  if (census.whole.has(oid) || isInAlternate(premises, oid))
    return { problem: { ...problem, repair: 'set it aside: a whole copy is in a pack' }, mend: aside };
  const data = inWorktree(premises, oid);
  if (data !== undefined)
    return {
      problem: { ...problem, repair: 'write it again from the file in the worktree' },
      mend: async () => {
        aside();
        await premises.objects.write([{ type: 'blob', data }]);
      },
    };
  if (!isNeeded) return { problem: { ...problem, repair: 'set it aside: nothing leads to it' }, mend: aside };
  return { problem };
}

function isInAlternate({ objects }: Premises, oid: Oid): boolean {
  try {
    objects.read(oid);
    return true;
  } catch (error) {
    if (isConfigError(error, 'E_CORRUPT', 'E_OBJECT_MISSING')) return false;
    throw error;
  }
}

/** The bytes of a file that some index has as `oid`, when they still are what was added. */
export function inWorktree({ disk, worktrees }: Premises, oid: Oid): Buffer | undefined {
  for (const { gitDir, workDir } of worktrees) {
    if (workDir === undefined) continue;
    try {
      const image = openIndex({ disk, gitDir }).load();
      for (let at = 0; at < image.count; at += 1) {
        if (image.oid(at) !== oid) continue;
        const path = `${workDir}/${image.path(at)}`;
        if (disk.fs.lstat(path)?.kind !== 'file') continue;
        const data = disk.fs.readFile(path);
        if (objectOid('blob', data) === oid) return data;
      }
    } catch (error) {
      if (!isConfigError(error, 'E_CORRUPT')) throw error;
    }
  }
  return undefined;
}
