import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError, isConfigError, shellWord } from '../errors.js';
import type { Repository } from '../repo/index.js';
import type { Input } from './input.js';

/** Operands told apart. */
export interface SplitOperands {
  readonly revisions: readonly string[];
  /** Paths or addresses. */
  readonly rest: readonly string[];
}

/**
 * Tells revisions from paths as git does (gitcli): what stands after `--` is a path; before it, at most `most` words that name
 * revisions come first. Throws E_USAGE for a word that is both, E_REVISION_NOT_FOUND for one that is neither.
 */
export async function splitRevisions(
  repo: Repository,
  input: Input,
  options: { readonly cwd: string; readonly most: number },
): Promise<SplitOperands> {
  const { operands, beforeDashes, afterDashes } = input;
  const revisions: string[] = [];
  for (const word of beforeDashes.slice(0, options.most)) {
    if (!(await isRevision(repo, word, { cwd: options.cwd, only: afterDashes !== undefined }))) break;
    revisions.push(word);
  }
  return { revisions, rest: operands.slice(revisions.length) };
}

async function isRevision(
  repo: Repository,
  word: string,
  { cwd, only }: { readonly cwd: string; readonly only: boolean },
): Promise<boolean> {
  if (word.includes('#') || /^\.\.?(\/|$)/.test(word)) return false;
  // Without a worktree there are no paths to mistake: 'HEAD' is also a file of a bare repository.
  const file = !only && repo.root !== undefined && existsSync(resolve(cwd, word));
  const failure = await revisionFailure(repo, word);
  if (failure === undefined && file)
    throw new ConfigError('E_USAGE', `'${word}' is both a revision and a path`, {
      hint: `put -- before paths: cfg … -- ${shellWord(word)} for the path, cfg … ${shellWord(word)} -- for the revision`,
    });
  const isSure = rangeOf(word) !== undefined || /[@^]\{/.test(word);
  if (failure !== undefined && !file && isSure) throw failure;
  // A glob, or a file at a revision, is a path too.
  if (failure !== undefined && !file && !/[*?[{]|.:/.test(word)) throw neither(word, failure);
  return failure === undefined;
}

function neither(word: string, failure: unknown): ConfigError {
  const near =
    isConfigError(failure) && failure.hint?.startsWith('did you mean') === true ? `${failure.hint} ` : '';
  return new ConfigError('E_REVISION_NOT_FOUND', `'${word}' is neither a revision nor a file that is here`, {
    hint: `${near}put -- before the path of a file that is gone`,
    cause: failure,
  });
}

/** Why the word, a revision or a range `A..B` or `A...B`, names no commit; undefined when it does. */
async function revisionFailure(repo: Repository, word: string): Promise<unknown> {
  const { resolveCommit } = await import('../store/index.js');
  try {
    for (const end of rangeOf(word)?.ends ?? [word]) await resolveCommit(repo.store, end);
    return undefined;
  } catch (error) {
    if (isConfigError(error, 'E_REVISION_NOT_FOUND', 'E_BAD_REF_NAME', 'E_USAGE')) return error;
    throw error;
  }
}

interface Range {
  /** One that was left out is HEAD. */
  readonly ends: readonly [string, string];
  /** Three dots: from the commit where the two parted. */
  readonly parted: boolean;
}

function rangeOf(word: string): Range | undefined {
  const [, left, dots, right] = /^(.*?)(\.{2,3})(.*)$/s.exec(word) ?? [];
  if (left === undefined || right === undefined) return undefined;
  return { ends: [left === '' ? 'HEAD' : left, right === '' ? 'HEAD' : right], parted: dots === '...' };
}

/**
 * The two revisions that `diff` compares (gitrevisions): `A..B` is the same as `A B`, and `A...B` is from where the two parted to B,
 * which is what B adds.
 */
export async function comparedRevisions(
  repo: Repository,
  revisions: readonly string[],
): Promise<readonly string[]> {
  const [word, more] = revisions;
  const range = word === undefined || more !== undefined ? undefined : rangeOf(word);
  if (range === undefined) return revisions;
  if (!range.parted) return range.ends;
  const { mergeBases, resolveCommit } = await import('../store/index.js');
  const [a, b] = [
    await resolveCommit(repo.store, range.ends[0]),
    await resolveCommit(repo.store, range.ends[1]),
  ];
  const [base] = await mergeBases(repo.store, a, b);
  if (base !== undefined) return [base, b];
  throw new ConfigError(
    'E_REVISION_NOT_FOUND',
    `'${range.ends[0]}' and '${range.ends[1]}' have no commit in common`,
    {
      hint: `cfg diff ${range.ends.map(shellWord).join(' ')}`,
    },
  );
}
