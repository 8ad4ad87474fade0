import { parseKeyPath } from '../doc/index.js';
import { isSecretPath, maskLine } from '../lint/index.js';
import { findFile, readBlob, type Oid, type RepoPath, type Store } from '../store/index.js';
import type { PlainProblem } from './problems.js';
import { textOf } from './text.js';

/** Problems with the lines that they are at, as `tree` has them; what may be a secret is masked. */
export async function withSourceLines(
  store: Store,
  tree: Oid,
  problems: readonly PlainProblem[],
): Promise<readonly PlainProblem[]> {
  const files = new Map<RepoPath, readonly string[]>();
  const placed: PlainProblem[] = [];
  for (const problem of problems) {
    const known = files.get(problem.file) ?? (await linesOf(store, tree, problem.file));
    files.set(problem.file, known);
    const line = known[problem.line - 1];
    placed.push(line === undefined || line === '' ? problem : { ...problem, source: shown(line, problem) });
  }
  return placed;
}

async function linesOf(store: Store, tree: Oid, path: RepoPath): Promise<readonly string[]> {
  const entry = await findFile(store, tree, path);
  if (entry === undefined || entry.mode === '120000' || entry.mode === '160000') return [];
  const text = textOf(await readBlob(store, entry.oid));
  return text?.replace(/^\uFEFF/, '').split(/\r\n?|\n/) ?? [];
}

/** Where the value at a telling key goes on for several lines, none of them is shown. */
function shown(line: string, { path, column, rule }: PlainProblem): string {
  const secret = rule === 'plain-secret' || isSecretPath(parseKeyPath(path));
  return secret ? `${line.slice(0, column - 1)}***` : maskLine(line);
}
