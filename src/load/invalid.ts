import { formatKeyPath, locate, type ConfigDocument, type KeyPath } from '../doc/index.js';
import { ConfigError } from '../errors.js';
import type { LayeredValue, Origin, Place } from '../layer/index.js';
import type { SchemaProblem } from '../schema/index.js';
import type { Problem } from './types.js';

/** The error for configuration with problems; the first is in the message, all are in `details.problems`. */
export function invalid(subject: string, problems: readonly Problem[]): ConfigError {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const where = first === undefined ? '' : `: ${placeOf(first)}: ${first.message}${more}`;
  return new ConfigError('E_INVALID', `${subject} is not valid${where}`, {
    ...(first === undefined ? {} : { hint: correctionOf(first) }),
    details: { problems },
  });
}

function correctionOf({ file, line, path }: Problem): string {
  if (file === 'overrides') return `give '${path}' a value that is allowed`;
  return file.startsWith('env:')
    ? 'set the variable to a value that is allowed'
    : `correct line ${line} of ${file}`;
}

/** An environment has no lines, nor have overrides. */
function placeOf({ file, line, column }: Problem): string {
  return /^env:|^overrides$/.test(file) ? file : `${file}:${line}:${column}`;
}

/** The problems that keep a document from having a value. */
export function syntaxProblems(document: ConfigDocument, file: string): readonly Problem[] {
  return document.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ range, path = [], rule, severity, message }) => {
      const { line, column } = range.start;
      return { file, line, column, path: formatKeyPath(path), rule, severity, message };
    });
}

/** Where a key path of a document stands; what has no place of its own (the content of a YAML alias) is where its parent is. */
export function placeIn(document: ConfigDocument, path: KeyPath, part: 'key' | 'value'): Omit<Place, 'file'> {
  const range = locate(document, path, part) ?? locate(document, path);
  if (range !== undefined) return { line: range.start.line, column: range.start.column };
  return path.length === 0 ? { line: 1, column: 1 } : placeIn(document, path.slice(0, -1), part);
}

/** A problem of a merged value, at the place in the layer that supplied it. */
export function schemaProblem(problem: SchemaProblem, layered: LayeredValue): Problem {
  const { path, part, rule, message } = problem;
  return placed(path, originOf(path, part, layered), { rule, message });
}

/** A problem of the value at a path. */
export function problemAt(
  path: KeyPath,
  layered: LayeredValue,
  problem: Pick<Problem, 'rule' | 'message'>,
): Problem {
  return placed(path, originOf(path, 'value', layered), problem);
}

function placed(
  path: KeyPath,
  { layer, file, line, column, variable }: Origin,
  { rule, message }: Pick<Problem, 'rule' | 'message'>,
): Problem {
  return {
    file: file ?? layer,
    line: line ?? 1,
    column: column ?? 1,
    path: formatKeyPath(path),
    rule,
    severity: 'error',
    message: variable === undefined ? message : `${message} (from the variable '${variable}')`,
  };
}

/** A key that is missing from a map of several layers is missing first of all from the lowest one in a file. */
function originOf(path: KeyPath, part: 'key' | 'value', layered: LayeredValue): Origin {
  const found = layered.explain(path, part);
  if (found === undefined) return { layer: '' };
  const lacking = part === 'key' && isObject(found.value);
  const lowest = found.overridden.findLast(
    ({ origin, value }) => origin.line !== undefined && isObject(value),
  );
  return (lacking ? lowest?.origin : undefined) ?? found.origin;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
