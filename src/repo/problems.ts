import { ConfigError } from '../errors.js';
import { formatKeyPath, type Diagnostic, type Severity } from '../doc/index.js';
import type { RepoPath } from '../store/index.js';

/** A diagnostic and the file it is about. */
export type Problem = Diagnostic & {
  readonly file: RepoPath;
  /** The schema that it names and that is not there. */
  readonly absent?: RepoPath;
};

/** A problem as `cfg --json validate` prints it. */
export interface PlainProblem {
  readonly file: RepoPath;
  readonly line: number;
  readonly column: number;
  /** The first place after the token concerned; absent where only its beginning is known. */
  readonly endLine?: number;
  readonly endColumn?: number;
  /** A key path in text form; '' for the whole file. */
  readonly path: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** Other places that belong to it, as the first of two equal keys. */
  readonly related?: readonly RelatedPlace[];
  /** The line of the file, with what may be a secret masked; only where it was asked for. */
  readonly source?: string;
}

/** A place that helps to understand a problem. */
export interface RelatedPlace {
  readonly file: RepoPath;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Problems of severity `error` that refuse a commit, as an E_GATE that names the first place. */
export function gateError(problems: readonly Problem[], hint: string): ConfigError {
  const [first] = problems;
  const more = problems.length - 1;
  const rest = more > 0 ? ` (and ${more} more ${more === 1 ? 'problem' : 'problems'})` : '';
  return new ConfigError('E_GATE', `cannot commit: ${first === undefined ? '' : place(first)}${rest}`, {
    hint,
    details: { problems: problems.map(plainProblem) },
  });
}

/** An E_SETTINGS of what would be committed, as the E_GATE that refuses the commit. */
export function settingsGateError(error: ConfigError, hint: string): ConfigError {
  return new ConfigError('E_GATE', `cannot commit: ${error.message}`, {
    hint: error.hint ?? hint,
    ...(error.details && { details: error.details }),
    cause: error,
  });
}

/** Diagnostics of a file. */
export function inFile(file: RepoPath, diagnostics: readonly Diagnostic[]): readonly Problem[] {
  return diagnostics.map((diagnostic) => ({ file, ...diagnostic }));
}

/** Those that make a file invalid. */
export function errorsOf(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(({ severity }) => severity === 'error');
}

function place({ file, range, message }: Problem): string {
  return `${file}:${range.start.line}:${range.start.column}: ${message}`;
}

/** A problem as it is printed. */
export function plainProblem(problem: Problem): PlainProblem {
  const { file, range, path, rule, severity, message, related } = problem;
  const { line, column } = range.start;
  return {
    file,
    line,
    column,
    endLine: range.end.line,
    endColumn: range.end.column,
    path: path === undefined ? '' : formatKeyPath(path),
    rule,
    severity,
    message,
    ...(related && { related: related.map((other) => relatedPlace(file, other)) }),
  };
}

function relatedPlace(
  file: RepoPath,
  { range, message }: NonNullable<Diagnostic['related']>[number],
): RelatedPlace {
  return { file, line: range.start.line, column: range.start.column, message };
}

/** The order of problems: by file, then place, then rule. */
export function byPlace(a: PlainProblem, b: PlainProblem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}
