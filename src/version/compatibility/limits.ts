import type { ConfigObject, ConfigValue } from '../../doc/index.js';
import type { Note } from './compare.js';

/** Keywords with a number that a value may not go below, and what they count without being there. */
const lower: readonly (readonly [keyword: string, absent: number, what: string])[] = [
  ['minimum', -Infinity, 'has to be at least'],
  ['exclusiveMinimum', -Infinity, 'has to be more than'],
  ['minLength', 0, 'needs a length of at least'],
  ['minItems', 0, 'needs a number of items of at least'],
  ['minProperties', 0, 'needs a number of keys of at least'],
];

const upper: readonly (readonly [keyword: string, what: string])[] = [
  ['maximum', 'has to be at most'],
  ['exclusiveMaximum', 'has to be less than'],
  ['maxLength', 'may have a length of at most'],
  ['maxItems', 'may have a number of items of at most'],
  ['maxProperties', 'may have a number of keys of at most'],
];

/** Bounds that became narrower, and other demands on one value. */
export function compareLimits(old: ConfigObject, now: ConfigObject, note: Note): void {
  for (const [keyword, absent, what] of lower) {
    const limit = numberOf(now[keyword]);
    if (limit !== undefined && limit > (numberOf(old[keyword]) ?? absent))
      note(`${what} ${limit} now`, [keyword]);
  }
  for (const [keyword, what] of upper) {
    const limit = numberOf(now[keyword]);
    if (limit !== undefined && limit < (numberOf(old[keyword]) ?? Infinity))
      note(`${what} ${limit} now`, [keyword]);
  }
  compareSteps(old, now, note);
  for (const keyword of ['pattern', 'format'] as const) {
    if (now[keyword] === undefined || now[keyword] === old[keyword]) continue;
    if (old[keyword] === undefined) note(`has to satisfy a '${keyword}' now`, [keyword]);
    else note(`has another '${keyword}'`, [keyword], 'warning');
  }
  if (now['uniqueItems'] === true && old['uniqueItems'] !== true)
    note('may not have the same item twice any more', ['uniqueItems']);
}

function compareSteps(old: ConfigObject, now: ConfigObject, note: Note): void {
  const [before, after] = [numberOf(old['multipleOf']), numberOf(now['multipleOf'])];
  if (after !== undefined && (before === undefined || before % after !== 0))
    note(`has to be a multiple of ${after} now`, ['multipleOf']);
}

function numberOf(value: ConfigValue | undefined): number | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}
