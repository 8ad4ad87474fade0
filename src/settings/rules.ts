import { defaultLevel, isRule, switchableRules, type RuleLevel } from '../lint/index.js';
import { closest } from '../errors.js';
import { isMap } from '../doc/index.js';
import { optional, readEntries, readFields, readList, readText, readWord, type Cursor } from './reader.js';
import type { RuleSetting } from './types.js';

const levels: readonly RuleLevel[] = ['off', 'warning', 'error'];

/** Reads `rules`: rule ids to a level, or to `{level, except}`. */
export function readRules(cursor: Cursor): ReadonlyMap<string, RuleSetting> {
  return new Map(readEntries(cursor).flatMap(([id, setting]) => readRule(id, setting)));
}

function readRule(id: string, cursor: Cursor): readonly (readonly [string, RuleSetting])[] {
  const level = defaultLevel(id);
  if (level === undefined) return unknownRule(id, cursor);
  if (!isMap(cursor.value)) return [[id, { level: readLevel(cursor) ?? level, except: [] }]];
  const fields = readFields(cursor, ['level', 'except']);
  const except = optional(fields, 'except', (list) => readList(list, readText, { single: true })) ?? [];
  return [[id, { level: optional(fields, 'level', readLevel) ?? level, except }]];
}

/** YAML 1.1 writers make `false` of `off`. */
function readLevel(cursor: Cursor): RuleLevel | undefined {
  return cursor.value === false ? 'off' : readWord(cursor, levels);
}

function unknownRule(id: string, { path, report }: Cursor): readonly [] {
  const meant = closest(id, switchableRules);
  const hint = meant === undefined ? `rules: ${switchableRules.join(', ')}` : `did you mean '${meant}'?`;
  const message = isRule(id) ? 'is always an error and cannot be switched' : 'is not a rule that cfg knows';
  report({ path, part: 'key', message, hint });
  return [];
}
