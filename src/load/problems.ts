import type { ConfigError } from '../errors.js';
import type { Problem } from './types.js';

/**
 * Every place that an error of `loadConfig` or `watchConfig` tells of, for whatever code: never empty, since an error without places is
 * about a source as a whole.
 */
export function problemsOf(error: ConfigError): readonly [Problem, ...Problem[]] {
  const listed = error.details?.['problems'];
  const [first, ...others] = Array.isArray(listed) ? listed.filter(isObject).map(problemOf) : [];
  return first === undefined ? [wholeSource(error)] : [first, ...others];
}

/** Those of settings have no rule. */
function problemOf(listed: Readonly<Record<string, unknown>>): Problem {
  const text = (name: string): string => (typeof listed[name] === 'string' ? listed[name] : '');
  const count = (name: string): number => (typeof listed[name] === 'number' ? listed[name] : 1);
  return {
    file: text('file'),
    line: count('line'),
    column: count('column'),
    path: text('path'),
    rule: text('rule') || 'settings',
    severity: listed['severity'] === 'warning' ? 'warning' : 'error',
    message: text('message'),
  };
}

function wholeSource({ message, details }: ConfigError): Problem {
  const layer = details?.['layer'];
  const file = typeof layer === 'string' ? layer : 'cfg.yaml';
  return { file, line: 1, column: 1, path: '', rule: 'source', severity: 'error', message };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
