import { ConfigError } from '../errors.js';
import { formatKeyPath, type Diagnostic, type Severity } from '../doc/index.js';
import type { RepoPath } from '../store/index.js';

/** A diagnostic and the file it is about. */
export type Problem = Diagnostic & { readonly file: RepoPath };

/** A problem as `cfg --json validate` prints it. */
export interface PlainProblem {
  readonly file: RepoPath;
  readonly line: number;
  readonly column: number;
  /** A key path in text form; '' for the whole file. */
  readonly path: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
}

/** Problems of severity `error`, as an E_INVALID that names the first place; `verb` is what was refused. */
export function invalidError(problems: readonly Problem[], verb: string, hint: string): ConfigError {
  const [first] = problems;
  const more = problems.length - 1;
  const rest = more > 0 ? ` (and ${more} more ${more === 1 ? 'problem' : 'problems'})` : '';
  return new ConfigError('E_INVALID', `cannot ${verb}: ${first === undefined ? '' : place(first)}${rest}`, {
    hint,
    details: { problems: problems.map(plainProblem) },
  });
}

/** Those that make a file invalid. */
export function errorsOf(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(({ severity }) => severity === 'error');
}

function place({ file, range, message }: Problem): string {
  return `${file}:${range.start.line}:${range.start.column}: ${message}`;
}

/** A problem without its range. */
export function plainProblem({ file, range, path, rule, severity, message }: Problem): PlainProblem {
  const { line, column } = range.start;
  return { file, line, column, path: path === undefined ? '' : formatKeyPath(path), rule, severity, message };
}
