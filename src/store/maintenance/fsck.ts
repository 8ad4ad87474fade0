/** Checks everything in the Git folder, and rebuilds what can be derived from the rest. */
import { dirname, join, resolve } from 'node:path';
import { ConfigError, isConfigError } from '../../errors.js';
import { discoverLayout } from '../discover.js';
import { type Fs, nodeFileSystem } from '../fs.js';
import { completeFolder } from '../init.js';
import type { Layout } from '../layout.js';
import type { StoreOptions } from '../open.js';
import type { ObjectCensus } from './census.js';
import { checkAlternates, checkConfig, checkLocks, checkState, checkTemporary } from './check-files.js';
import { checkIndexes } from './check-index.js';
import { findDamagedLoose, judgeLoose } from './check-loose.js';
import { checkDerived, checkPacks } from './check-packs.js';
import { checkReflogs } from './check-reflogs.js';
import { checkRefs, lastHead } from './check-refs.js';
import { checkConnectivity } from './connectivity.js';
import { type Finding, type RepositoryProblem, shownPath } from './finding.js';
import { takeInventory } from './inventory.js';
import { type Premises, premisesOf } from './premises.js';

export interface CheckOptions extends StoreOptions {
  /** Mend what can be mended. Default false: nothing is written. */
  readonly repair?: boolean;
}

export interface Checked {
  /** Nothing is wrong (any more). */
  readonly ok: boolean;
  /** Sorted by kind and path; with `repair` also what was mended. */
  readonly problems: readonly RepositoryProblem[];
}

/** One thing mended may show the next one: HEAD, then the index that is built from it. */
const maxPasses = 5;

/**
 * Objects (hash, form, connectivity), packs, refs, indexes, reflogs, configuration, locks and leftovers of all worktrees. Unlike every other
 * function it works on a repository that is half there.
 *
 * Throws E_NOT_A_REPOSITORY, E_UNSUPPORTED_REPOSITORY, E_IO; with `repair` E_LOCKED.
 */
export async function checkStore(options: CheckOptions): Promise<Checked> {
  const repaired: RepositoryProblem[] = [];
  let findings = await inspect(options);
  for (let pass = 0; options.repair === true && pass < maxPasses; pass += 1) {
    const mendable = findings.filter(({ mend }) => mend !== undefined);
    if (mendable.length === 0) break;
    for (const finding of mendable)
      if (await isMended(finding)) repaired.push({ ...finding.problem, repaired: true });
    findings = await inspect(options);
  }
  const left = findings.map(({ problem }) => problem);
  const isLeft = (problem: RepositoryProblem): boolean =>
    left.some((other) => keyOf(other) === keyOf(problem));
  return { ok: left.length === 0, problems: sorted([...left, ...repaired.filter((one) => !isLeft(one))]) };
}

/** What cannot be mended is found again; only what the system refuses ends the work. */
async function isMended({ mend }: Finding): Promise<boolean> {
  try {
    await mend?.();
    return true;
  } catch (error) {
    if (isConfigError(error, 'E_CORRUPT', 'E_OBJECT_MISSING', 'E_STALE')) return false;
    throw error;
  }
}

function sorted(problems: readonly RepositoryProblem[]): RepositoryProblem[] {
  const unique = new Map(problems.map((problem) => [keyOf(problem), problem]));
  return [...unique.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, problem]) => problem);
}

function keyOf({ kind, path, oid = '', message }: RepositoryProblem): string {
  return [kind, path, oid, message].join('\0');
}

async function inspect(options: CheckOptions): Promise<Finding[]> {
  const { dir, env, fs = nodeFileSystem } = options;
  const layout = findLayout(fs, dir, env);
  const premises = premisesOf(layout, options);
  const structure = [...checkLayout(premises), ...checkConfig(premises)];
  if (structure.length > 0) return structure;
  const inventory = takeInventory(fs, premises.objectsDir);
  const census: ObjectCensus = { whole: new Map() };
  const files = [
    ...checkDerived(premises),
    ...checkState(premises),
    ...checkLocks(premises),
    ...checkTemporary(premises, inventory),
  ];
  const packs = checkPacks(premises, inventory, census);
  const alternates = checkAlternates(premises);
  // What is out of reach seems to be missing wherever it is named, so the rest waits for its return.
  if (alternates.length > 0 || packs.some(isOutOfReach)) return [...alternates, ...packs, ...files];
  const damagedLoose = findDamagedLoose(premises, inventory, census);
  const damaged = new Set([
    ...packs.flatMap(({ problem }) => problem.oid ?? []),
    ...damagedLoose.map(({ oid }) => oid),
  ]);
  const { findings, missed } = checkConnectivity(premises, census, damaged);
  return [
    ...packs,
    ...damagedLoose.map((file) => judgeLoose(premises, { file, census, isNeeded: missed.has(file.oid) })),
    ...findings,
    ...checkRefs(premises),
    ...(await checkIndexes(premises)),
    ...checkReflogs(premises),
    ...files,
  ];
}

/** A whole pack that only lacks its index. */
function isOutOfReach({ problem, mend }: Finding): boolean {
  return problem.kind === 'pack' && mend !== undefined;
}

/** As it should be, or as far as it is there. Throws E_NOT_A_REPOSITORY, E_UNSUPPORTED_REPOSITORY. */
function findLayout(fs: Fs, dir: string, env: CheckOptions['env']): Layout {
  try {
    return discoverLayout({ fs, dir, env });
  } catch (error) {
    if (!isConfigError(error, 'E_NOT_A_REPOSITORY', 'E_CORRUPT')) throw error;
    const layout = remainsOf(fs, env['GIT_DIR'] ?? '', resolve(dir));
    if (layout === undefined) throw error;
    return layout;
  }
}

const parts = ['objects', 'refs', 'HEAD', 'config'];

/** A folder that holds two or more of what makes a repository. */
function remainsOf(fs: Fs, gitDir: string, start: string): Layout | undefined {
  if (gitDir !== '') return undefined;
  for (let at = start; ; at = dirname(at)) {
    for (const folder of [join(at, '.git'), at])
      if (parts.filter((name) => fs.lstat(join(folder, name)) !== undefined).length >= 2)
        return { gitDir: folder, commonDir: folder, workDir: folder === at ? undefined : at };
    if (dirname(at) === at) return undefined;
  }
}

/** A repository whose making was cut off, or which lost one of its parts. */
function checkLayout(premises: Premises): Finding[] {
  const { disk, layout } = premises;
  const { gitDir, commonDir } = layout;
  const isThere = (path: string): boolean => disk.fs.stat(path) !== undefined;
  const missing = ['objects', 'refs'].map((name) => join(commonDir, name)).filter((path) => !isThere(path));
  if (disk.fs.lstat(join(gitDir, 'HEAD')) === undefined) missing.push(join(gitDir, 'HEAD'));
  const branch = (lastHead(premises, layout) ?? 'refs/heads/main').replace('refs/heads/', '');
  return missing.map((path) => ({
    problem: {
      kind: 'layout',
      path: shownPath(premises, path),
      message: 'is not there: the repository is half made',
      repair: path.endsWith('HEAD') ? `make it, at the branch '${branch}'` : 'make it',
    },
    mend: () => {
      if (gitDir !== commonDir)
        throw new ConfigError('E_CORRUPT', 'a linked worktree is half made', {
          hint: 'run: git worktree repair',
        });
      completeFolder(disk, gitDir, { bare: layout.workDir === undefined, branch });
    },
  }));
}
