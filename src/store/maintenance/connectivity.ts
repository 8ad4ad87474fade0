import { join } from 'node:path';
import type { ConfigError } from '../../errors.js';
import { configOf, readConfigFile } from '../config/load.js';
import type { Oid } from '../types.js';
import type { ObjectCensus } from './census.js';
import { inWorktree } from './check-loose.js';
import { type Finding, shownPath } from './finding.js';
import type { Premises } from './premises.js';
import { Reach } from './reach.js';
import { collectRoots, type Root } from './roots.js';

export interface Connectivity {
  readonly findings: readonly Finding[];
  /** What something leads to and is not there or not whole. */
  readonly missed: ReadonlySet<Oid>;
}

/** Whether everything that refs, heads, indexes and reflogs lead to is there. Objects listed in `damaged` are reported elsewhere. */
export function checkConnectivity(
  premises: Premises,
  census: ObjectCensus,
  damaged: ReadonlySet<Oid>,
): Connectivity {
  const findings: Finding[] = [];
  const missed = new Set<Oid>();
  const isPartial = isPartialClone(premises);
  const onDamage = (oid: Oid, root: Root, error: ConfigError): void => {
    const isExpected = isPartial && error.code === 'E_OBJECT_MISSING';
    if (missed.has(oid) || isExpected || !isReported(root)) return;
    missed.add(oid);
    if (!damaged.has(oid)) findings.push(missingObject(premises, { oid, root, error }));
  };
  const hasBlob = (oid: Oid): boolean =>
    census.whole.has(oid) ? census.whole.get(oid) === 'blob' : !damaged.has(oid) && premises.objects.has(oid);
  const reach = new Reach(premises, { onDamage, hasBlob });
  // What cannot be read at all is reported where it is checked.
  const roots = collectRoots(premises, () => undefined);
  reach.walk(roots);
  for (const { from, oid } of roots)
    if (from.startsWith('refs/heads/') && reach.found.has(oid) && reach.found.get(oid)?.type !== 'commit')
      findings.push({ problem: { kind: 'ref', path: from, oid, message: 'does not name a commit' } });
  return { findings, missed };
}

/** ORIG_HEAD, FETCH_HEAD and the trees that an index knows may outlive what they name. */
function isReported({ required, from }: Root): boolean {
  return required || from.startsWith('logs/');
}

interface Missing {
  readonly oid: Oid;
  readonly root: Root;
  readonly error: ConfigError;
}

function missingObject(premises: Premises, { oid, root, error }: Missing): Finding {
  const isRoot = oid === root.oid;
  const kind = kindOf(root, isRoot);
  const path = root.from.startsWith('logs/')
    ? shownPath(premises, join(premises.layout.commonDir, root.from))
    : root.from;
  const message = isRoot ? `names an object that cannot be read: ${error.message}` : error.message;
  const problem = { kind, path, oid, message };
  const data = inWorktree(premises, oid);
  if (data === undefined) return { problem };
  return {
    problem: { ...problem, repair: 'write it again from the file in the worktree' },
    mend: async () => void (await premises.objects.write([{ type: 'blob', data }])),
  };
}

function kindOf({ from }: Root, isRoot: boolean): 'object' | 'reflog' | 'index' | 'ref' {
  if (!isRoot) return 'object';
  if (from.startsWith('logs/')) return 'reflog';
  return from === 'index' ? 'index' : 'ref';
}

function isPartialClone({ disk, env, layout }: Premises): boolean {
  const config = configOf(readConfigFile({ fs: disk.fs, env, layout }, join(layout.commonDir, 'config')));
  return config.get('extensions.partialclone') !== undefined;
}
