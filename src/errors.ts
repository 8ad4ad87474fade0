/**
 * The one error class of cfg. Callers test `code`; people read `message` and `hint`.
 *
 * Expected outcomes (conflicts of a merge, problems of a validation) are values, never errors.
 */

/** What went wrong, as a closed set. The comment names the exit code of the command line. */
export type ErrorCode =
  // 1: the answer is no
  | 'E_KEY_NOT_FOUND' // no value at that key path
  | 'E_FILE_NOT_FOUND' // no such file in the worktree or at that revision
  | 'E_INVALID' // configuration does not parse or does not satisfy its schema
  | 'E_SETTINGS' // cfg.yaml does not parse or has a wrong shape
  | 'E_CONFLICT' // a merge or a concurrent change left something to decide
  | 'E_NOTHING_TO_DO' // nothing to commit, no merge in progress, ...
  // 2: wrong usage
  | 'E_USAGE' // bad arguments
  | 'E_BAD_PATH' // a key path, an address or a repository path that cannot be meant
  | 'E_BAD_VERSION' // not a semantic version or range
  | 'E_BAD_REF_NAME' // git check-ref-format says no
  // 3: refused by a rule
  | 'E_PROTECTED' // the protection of a branch
  | 'E_GATE' // the validation gate: what would be committed does not parse or does not satisfy its schema
  | 'E_EXISTS' // a version never moves; a branch is there already
  | 'E_STALE' // `expect` is not what is there
  | 'E_CHECKED_OUT' // a branch that a worktree is at
  | 'E_LOCAL_CHANGES' // would overwrite what was not committed
  | 'E_MERGE_IN_PROGRESS' // finish or abort it first
  // 4: the surroundings failed
  | 'E_NOT_A_REPOSITORY'
  | 'E_UNSUPPORTED_REPOSITORY' // a kind of Git repository that cfg cannot keep whole
  | 'E_REVISION_NOT_FOUND' // no commit, tag or branch of that name
  | 'E_NO_IDENTITY' // no author name or e-mail configured
  | 'E_SIGNATURE' // what should be signed cannot be: no key, no ssh-keygen
  | 'E_OBJECT_MISSING'
  | 'E_CORRUPT' // an object, the index or a ref is damaged
  | 'E_LOCKED' // another process holds a lock
  | 'E_SOURCE' // a required configuration source failed
  | 'E_REMOTE' // a repository elsewhere cannot be reached, or says no
  | 'E_LIMIT' // input larger or deeper than cfg reads
  | 'E_IO'
  // 70: a bug in cfg
  | 'E_INTERNAL';

/** What may go with an error besides its message. */
export interface ConfigErrorOptions {
  /** What to do next, as a sentence or a command to run. */
  readonly hint?: string;
  /** Facts for a program: paths, positions, expected and actual ids. Plain JSON. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The foreign error behind this one. */
  readonly cause?: unknown;
}

/** The error that every function of cfg throws. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, options: ConfigErrorOptions = {}) {
    super(printable(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint === undefined ? undefined : printable(options.hint);
    this.details = options.details;
  }
}

/** Whether `error` is a {@link ConfigError} with one of `codes` (or with any code when none is given). */
export function isConfigError(error: unknown, ...codes: readonly ErrorCode[]): error is ConfigError {
  return error instanceof ConfigError && (codes.length === 0 || codes.includes(error.code));
}

/**
 * The candidate that `word` was probably meant to be, or undefined when none is near: at most a third of its letters wrong, where a wrong, missing, extra or swapped letter counts one and case counts nothing.
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of candidates) {
    const limit = Math.floor(Math.max(word.length, name.length) / 3);
    if (Math.abs(word.length - name.length) > limit) continue;
    const distance = editDistance(word.toLowerCase(), name.toLowerCase());
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}

/** A word of a command as a POSIX shell needs it typed: in single quotes where it has anything that a shell reads otherwise. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./#^-]+$/.test(word) && !word.startsWith('#')
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let [older, previous]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const step = Math.min(
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
        (previous[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
      );
      row.push(swapped ? Math.min(step, (older[j - 2] ?? 0) + 1) : step);
    }
    [older, previous] = [previous, row];
  }
  return previous[b.length] ?? 0;
}

/** One line, without control characters (a terminal must not obey a file name) and without URL credentials. */
function printable(text: string): string {
  return text
    .replace(/\r?\n/g, ' ')
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/([a-z][a-z0-9+.-]{0,30}:\/\/)[^/@\s]+@/gi, '$1');
}
