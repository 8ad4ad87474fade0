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
export function reportFailure(
  error: unknown,
  io: Io,
  options: { readonly json: boolean; readonly color: ColorWhen },
): number {
  const failure = isConfigError(error) ? error : bug(error);
  io.stderr.write(options.json ? jsonOf(failure) : textOf(failure, io, options.color));
  if (io.env['CFG_DEBUG'] === '1' && error instanceof Error) io.stderr.write(`${error.stack ?? ''}\n`);
  return exitCodes[failure.code];
}

function textOf(failure: ConfigError, io: Io, color: ColorWhen): string {
  const style = styleFor(io.stderr, io.env, color);
  const hint = failure.hint === undefined ? '' : `${style.bold('hint:')} ${failure.hint}\n`;
  return `${style.red('error:')} ${failure.message}\n${otherProblems(failure)}${hint}`;
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

function jsonOf({ code, message, hint, details }: ConfigError): string {
  return `${formatJson({ error: { code, message, hint: hint ?? null, details: details ?? {} } })}\n`;
}

function bug(error: unknown): ConfigError {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new ConfigError('E_INTERNAL', `this is a bug in cfg: ${message}`, {
    hint: 'run it again with CFG_DEBUG=1 and report what it prints, with the output of cfg --version (npm bugs cfgit)',
    cause: error,
  });
}
