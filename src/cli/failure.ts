import { ConfigError, isConfigError, type ErrorCode } from '../errors.js';
import type { ColorWhen } from './globals.js';
import type { Io } from './io.js';
import { formatJson } from './json.js';
import { styleFor, visible } from './render/style.js';
import { firstFew, lines } from './render/text.js';

/** The exit code of every error: 1 the answer is no, 2 wrong usage, 3 refused by a rule, 4 the surroundings failed, 70 a bug. */
export const exitCodes: Readonly<Record<ErrorCode, number>> = {
  E_KEY_NOT_FOUND: 1,
  E_FILE_NOT_FOUND: 1,
  E_INVALID: 1,
  E_SETTINGS: 1,
  E_CONFLICT: 1,
  E_NOTHING_TO_DO: 1,
  E_USAGE: 2,
  E_BAD_PATH: 2,
  E_BAD_VERSION: 2,
  E_BAD_REF_NAME: 2,
  E_PROTECTED: 3,
  E_GATE: 3,
  E_EXISTS: 3,
  E_STALE: 3,
  E_CHECKED_OUT: 3,
  E_LOCAL_CHANGES: 3,
  E_MERGE_IN_PROGRESS: 3,
  E_NOT_A_REPOSITORY: 4,
  E_UNSUPPORTED_REPOSITORY: 4,
  E_REVISION_NOT_FOUND: 4,
  E_NO_IDENTITY: 4,
  E_SIGNATURE: 4,
  E_OBJECT_MISSING: 4,
  E_CORRUPT: 4,
  E_LOCKED: 4,
  E_SOURCE: 4,
  E_REMOTE: 4,
  E_LIMIT: 4,
  E_IO: 4,
  E_INTERNAL: 70,
};

/** Prints an error on stderr (`error:` and `hint:`, one line each, further problems between them; or one line of JSON) and returns its exit code. */
export function reportFailure(error: unknown, io: Io, options: Report): number {
  const failure = isConfigError(error) && error.code !== 'E_INTERNAL' ? error : bug(error);
  const hint = failure.hint ?? hintFor(failure.code, options.command);
  const said = { failure, hint };
  io.stderr.write(options.json ? jsonOf(said) : textOf(said, io, options.color));
  if (io.env['CFG_DEBUG'] === '1' && error instanceof Error) io.stderr.write(`${error.stack ?? ''}\n`);
  return exitCodes[failure.code];
}

/** How an error is told. */
interface Report {
  readonly json: boolean;
  readonly color: ColorWhen;
  /** The command that failed, where one was named. */
  readonly command?: string | undefined;
}

interface Said {
  readonly failure: ConfigError;
  readonly hint: string;
}

/** What to do about an error whose thrower, deep down, could not say it better. */
function hintFor(code: ErrorCode, command?: string): string {
  if (code === 'E_USAGE') return `see 'cfg ${command === undefined ? '' : `${command} `}--help'`;
  return hints[code] ?? 'see how things are: cfg status, cfg fsck';
}

const hints: Readonly<Partial<Record<ErrorCode, string>>> = {
  E_KEY_NOT_FOUND: 'see what is there: cfg get FILE, cfg load STACK',
  E_FILE_NOT_FOUND: 'see what is there: cfg status, cfg show HEAD',
  E_INVALID: 'see every problem of files, schemas and stacks: cfg validate',
  E_SETTINGS: "correct 'cfg.yaml', then: cfg validate cfg.yaml",
  E_BAD_PATH: 'how files and keys are named: cfg help addresses',
  E_BAD_VERSION: 'how versions are named: cfg help revisions',
  E_PROTECTED: 'what the rules are: cfg help protection',
  E_GATE: 'see every problem of files, schemas and stacks: cfg validate',
  E_EXISTS: 'see what there is: cfg branch, cfg tag --list',
  E_STALE: 'look at what is there now (cfg log), then do it again',
  E_REVISION_NOT_FOUND: 'see what there is: cfg branch, cfg tag --list, cfg log',
  E_OBJECT_MISSING: 'see what else is damaged: cfg fsck',
  E_CORRUPT: 'see what else is damaged, and what can be mended: cfg fsck',
  E_SOURCE: "see that it is there and can be read, or let the layer be optional: '?' behind its name",
  E_REMOTE: 'see whether the address is right (cfg remote -v shows those that are named)',
  E_LIMIT: 'make it smaller, or split it',
  E_IO: 'see that the path exists, may be read and written, and that the disk has room',
};

function textOf({ failure, hint }: Said, io: Io, color: ColorWhen): string {
  const style = styleFor(io.stderr, io.env, color);
  return `${style.red('error:')} ${failure.message}\n${otherProblems(failure)}${style.bold('hint:')} ${hint}\n`;
}

const maxProblems = 20;

/** A line for each problem that the message does not name. */
function otherProblems({ message, details }: ConfigError): string {
  const problems: unknown = details?.['problems'];
  const places = (Array.isArray(problems) ? problems : [])
    .map(placeOf)
    .filter((place) => place !== undefined);
  const others = places.filter((place) => !message.includes(place)).map((place) => `  ${visible(place)}`);
  return lines(firstFew(others, maxProblems));
}

function placeOf(problem: unknown): string | undefined {
  if (typeof problem !== 'object' || problem === null) return undefined;
  const { file, line, column, message } = { file: '', line: 0, column: 0, message: '', ...problem };
  if (file === '') return undefined;
  return /^env:|^overrides$/.test(file) ? `${file}: ${message}` : `${file}:${line}:${column}: ${message}`;
}

function jsonOf({ failure: { code, message, details = {} }, hint }: Said): string {
  return `${formatJson({ error: { code, message, hint, details } })}\n`;
}

function bug(error: unknown): ConfigError {
  const name = error instanceof Error && !isConfigError(error) ? `${error.name}: ` : '';
  const message = error instanceof Error ? `${name}${error.message}` : String(error);
  return new ConfigError('E_INTERNAL', `this is a bug in cfg: ${message}`, {
    hint: 'run it again with CFG_DEBUG=1 and report what it prints, with the output of cfg --version (npm bugs cfgit)',
    cause: error,
  });
}
