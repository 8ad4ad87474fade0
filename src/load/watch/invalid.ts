import type { ConfigError } from '../../errors.js';
import type { Problem } from '../types.js';
import type { InvalidConfig } from './types.js';

/** An error of reading as what listeners are told: with the places that it names, or the source as a whole. */
export function invalidConfig(error: ConfigError): InvalidConfig {
  const found = problemsOf(error);
  const first = found[0] ?? wholeSource(error);
  return {
    ...first,
    code: error.code,
    ...(error.hint !== undefined && { hint: error.hint }),
    problems: found.length > 0 ? found : [first],
  };
}

function problemsOf({ details }: ConfigError): readonly Problem[] {
  const listed = details?.['problems'];
  return Array.isArray(listed) ? listed.filter(isObject).map(problemOf) : [];
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
