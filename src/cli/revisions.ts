import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError, isConfigError } from '../errors.js';
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
  const { operands, afterDashes } = input;
  const before = operands.slice(0, operands.length - afterDashes);
  const revisions: string[] = [];
  for (const word of before.slice(0, options.most)) {
    if (!(await isRevision(repo, word, { cwd: options.cwd, only: afterDashes > 0 }))) break;
    revisions.push(word);
  }
  return { revisions, rest: operands.slice(revisions.length) };
}

async function isRevision(
  repo: Repository,
  word: string,
  { cwd, only }: { readonly cwd: string; readonly only: boolean },
): Promise<boolean> {
  if (word.includes('#')) return false;
  const file = !only && existsSync(resolve(cwd, word));
  const failure = await revisionFailure(repo, word);
  if (failure === undefined && file)
    throw new ConfigError('E_USAGE', `'${word}' is both a revision and a path`, {
      hint: `put -- before paths: 'cfg … -- ${word}' for the path, 'cfg … ${word} --' for the revision`,
    });
  if (failure !== undefined && !file && !/[*?[{]/.test(word)) throw failure;
  return failure === undefined;
}

/** Why the word, a revision or a range `A..B`, names no commit; undefined when it does. */
async function revisionFailure(repo: Repository, word: string): Promise<unknown> {
  const { resolveCommit } = await import('../store/index.js');
  try {
    for (const end of word.split('..')) if (end !== '') await resolveCommit(repo.store, end);
    return undefined;
  } catch (error) {
    if (isConfigError(error, 'E_REVISION_NOT_FOUND', 'E_BAD_REF_NAME', 'E_USAGE')) return error;
    throw error;
  }
}
