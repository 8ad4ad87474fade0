/** The strategies that pick a value, as functions. */
import type { ConfigValue } from '../doc/index.js';
import type { ValueStrategy } from '../settings/index.js';
import { compareVersionTexts } from './suggest.js';
import type { Conflict } from './types.js';

/** Decides a conflict by its values; undefined leaves it open. */
export type ConflictResolver = (conflict: Conflict) => ConfigValue | undefined;

/**
 * Resolvers by name: `max-version` (the higher of two versions such as `1.10.0` or `app:v2.3`), `max` and `min` (numbers), and
 * `concat-unique` (the items of ours, then those of theirs that ours lacks). Each leaves open what it does not understand.
 */
export const resolvers: Readonly<Record<ValueStrategy, ConflictResolver>> = {
  'max-version': ({ ours, theirs }) => {
    const order = compareVersionTexts(text(ours), text(theirs));
    if (order === undefined) return undefined;
    return order >= 0 ? ours : theirs;
  },
  max: (conflict) => byNumber(conflict, (ours, theirs) => ours >= theirs),
  min: (conflict) => byNumber(conflict, (ours, theirs) => ours <= theirs),
  'concat-unique': ({ ours, theirs }) => {
    if (!Array.isArray(ours) || !Array.isArray(theirs)) return undefined;
    const known = new Set(ours.map(shown));
    return [...ours, ...theirs.filter((item) => !known.has(shown(item)))];
  },
};

function byNumber(
  { ours, theirs }: Conflict,
  isOurs: (ours: number | bigint, theirs: number | bigint) => boolean,
): ConfigValue | undefined {
  if (!isNumber(ours) || !isNumber(theirs)) return undefined;
  return isOurs(ours, theirs) ? ours : theirs;
}

function isNumber(value: ConfigValue | undefined): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function text(value: ConfigValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function shown(value: ConfigValue): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner));
}
