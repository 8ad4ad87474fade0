import { join } from 'node:path';
import { ConfigError, isConfigError } from '../../errors.js';
import type { Layout } from '../layout.js';
import { FileRefs } from '../refs/file-refs.js';
import { buildIndex, knownTree, type IndexImage, openIndex } from '../staging/index.js';
import { listFiles } from '../trees/read.js';
import { readCommit } from '../objects/read.js';
import type { FileEntry } from '../types.js';
import { replaceFile } from './check-refs.js';
import { type Finding, shownPath } from './finding.js';
import type { Premises } from './premises.js';

/** The index of every worktree: checksum, order, modes, the trees that it knows. Throws E_UNSUPPORTED_REPOSITORY. */
export async function checkIndexes(premises: Premises): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const layout of premises.worktrees) {
    const message = await damageOf(premises, layout);
    if (message !== undefined) findings.push(await indexFinding(premises, layout, message));
  }
  return findings;
}

async function damageOf(premises: Premises, layout: Layout): Promise<string | undefined> {
  const { disk } = premises;
  try {
    if (disk.fs.stat(join(layout.gitDir, 'index')) === undefined)
      return (await isMissed(premises, layout)) ? 'is not there, but files of HEAD are' : undefined;
    const image = openIndex({ disk, gitDir: layout.gitDir }).load();
    checkOrder(image);
    knownTree(image);
    return undefined;
  } catch (error) {
    if (!isConfigError(error, 'E_CORRUPT')) throw error;
    return error.message;
  }
}

function checkOrder(image: IndexImage): void {
  for (let at = 0; at < image.count; at += 1) {
    image.mode(at);
    if (at === 0) continue;
    const [start, end] = [image.nameStart(at - 1), image.nameEnd(at - 1)];
    const order = image.bytes.compare(image.bytes, image.nameStart(at), image.nameEnd(at), start, end);
    if (order < 0 || (order === 0 && image.stage(at - 1) < image.stage(at))) continue;
    throw new ConfigError('E_CORRUPT', `the index is not sorted at '${image.path(at)}'`);
  }
}

/** A worktree that nothing was checked out to needs no index. */
async function isMissed(premises: Premises, layout: Layout): Promise<boolean> {
  const { workDir } = layout;
  if (workDir === undefined) return false;
  const files = (await headFiles(premises, layout)) ?? [];
  return files.some(({ path }) => premises.disk.fs.lstat(join(workDir, path)) !== undefined);
}

async function indexFinding(premises: Premises, layout: Layout, message: string): Promise<Finding> {
  const path = join(layout.gitDir, 'index');
  const problem = { kind: 'index', path: shownPath(premises, path), message } as const;
  const files = await headFiles(premises, layout);
  if (files === undefined) return { problem };
  return {
    problem: { ...problem, repair: 'build it from HEAD: files stay, what was staged is to be added again' },
    mend: () => replaceFile(premises, path, buildIndex(files)),
  };
}

/** The files of HEAD; none before the first commit; undefined when they cannot be read. */
async function headFiles(premises: Premises, layout: Layout): Promise<FileEntry[] | undefined> {
  try {
    const head = new FileRefs(premises.disk, layout, false).resolve('HEAD');
    if (head === undefined) return [];
    return await listFiles(premises, (await readCommit(premises, head)).tree);
  } catch (error) {
    if (!isConfigError(error, 'E_CORRUPT', 'E_OBJECT_MISSING')) throw error;
    return undefined;
  }
}
