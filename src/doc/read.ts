/** Values of a document, and where they are written. */
import { ConfigError } from '../errors.js';
import { validValue, type ConfigDocument } from './document.js';
import { formatKeyPath } from './key-path.js';
import { lookup } from './lookup.js';
import type { ConfigValue, KeyPath } from './types.js';

/**
 * The value of a document, frozen. A YAML stream of several documents is a list of their values. YAML aliases and merge keys (`<<`) are
 * expanded, as the readers that applications use do it; the tree, edits and merges never expand them.
 *
 * @throws ConfigError `E_INVALID` for a document that is not valid, with the place of its first error in the message and its problems
 * in `details`.
 */
export function valueOf(doc: ConfigDocument): ConfigValue {
  const value = validValue(doc);
  if (value !== undefined) return value;
  const problem = doc.diagnostics.find(({ severity }) => severity === 'error');
  const { line, column } = problem?.range.start ?? { line: 1, column: 1 };
  const place = `${doc.options.path ?? doc.format.toUpperCase()}:${line}:${column}`;
  throw new ConfigError('E_INVALID', `cannot read ${place}: ${problem?.message ?? 'no structure'}`, {
    hint: `correct line ${line}`,
    details: { file: doc.options.path, line, column, rule: problem?.rule, problems: problemsIn(doc) },
  });
}

/** Diagnostics as every error has its problems. */
function problemsIn({ diagnostics, options, format }: ConfigDocument): readonly object[] {
  return diagnostics.map(({ range: { start, end }, path = [], rule, severity, message }) => ({
    file: options.path ?? format.toUpperCase(),
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    path: formatKeyPath(path),
    rule,
    severity,
    message,
  }));
}

/**
 * The value at a key path, `undefined` when there is none. `[name=web]` is the first item with these fields.
 *
 * @throws ConfigError `E_INVALID` for a document that is not valid.
 */
export function getValue(doc: ConfigDocument, path: KeyPath): ConfigValue | undefined {
  return lookup(valueOf(doc), path);
}

/**
 * Whether there is a value (null is one) at a key path.
 *
 * @throws ConfigError `E_INVALID` for a document that is not valid.
 */
export function hasPath(doc: ConfigDocument, path: KeyPath): boolean {
  return getValue(doc, path) !== undefined;
}

/** The error for a key path that leads nowhere. */
export function notFound(doc: ConfigDocument, path: KeyPath): ConfigError {
  const file = doc.options.path === undefined ? '' : ` in '${doc.options.path}'`;
  return new ConfigError('E_KEY_NOT_FOUND', `no key '${formatKeyPath(path)}'${file}`, {
    details: { path: formatKeyPath(path), file: doc.options.path },
  });
}
