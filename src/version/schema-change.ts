import {
  equalValues,
  isList,
  isMap,
  type ConfigObject,
  type ConfigValue,
  type KeyPath,
} from '../doc/index.js';

/** What one change of a JSON Schema means for what was valid before. */
export interface SchemaChange {
  readonly path: KeyPath;
  /** `stricter`: what was valid may not be any more. `looser`: something new is valid. `note`: neither, such as a description. */
  readonly effect: 'stricter' | 'looser' | 'note';
}

type Effect = SchemaChange['effect'];

interface Change {
  readonly path: KeyPath;
  readonly before: ConfigValue | undefined;
  readonly after: ConfigValue | undefined;
}

const lowerBounds: ReadonlySet<string> = new Set([
  'minimum',
  'exclusiveMinimum',
  'minLength',
  'minItems',
  'minProperties',
  'minContains',
]);
const upperBounds: ReadonlySet<string> = new Set([
  'maximum',
  'exclusiveMaximum',
  'maxLength',
  'maxItems',
  'maxProperties',
  'maxContains',
]);
const notes: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'examples',
  '$comment',
  '$id',
  '$schema',
  'deprecated',
]);
const schemas: ReadonlySet<string> = new Set([
  'items',
  'additionalItems',
  'unevaluatedItems',
  'additionalProperties',
  'unevaluatedProperties',
]);

/**
 * What a new version of a schema changes, keyword by keyword (JSON Schema 2020-12 and draft-07). A change that cannot be judged, such as
 * another pattern, counts as stricter; a property that is described for the first time as looser.
 */
export function schemaChanges(before: ConfigValue, after: ConfigValue): readonly SchemaChange[] {
  return schemaAt({ path: [], before, after });
}

/** No schema and `true` allow everything. */
function schemaAt({ path, before = true, after = true }: Change): readonly SchemaChange[] {
  if (equalValues(before, after)) return [];
  if (!isMap(before) && before !== true) return [{ path, effect: 'looser' }];
  if (!isMap(after)) return [{ path, effect: after === true ? 'looser' : 'stricter' }];
  const old: ConfigObject = isMap(before) ? before : {};
  const keywords = new Set([...Object.keys(old), ...Object.keys(after)]);
  return [...keywords].toSorted().flatMap((keyword) => {
    const change = { path: [...path, keyword], before: own(old, keyword), after: own(after, keyword) };
    if (change.before !== undefined && change.after !== undefined && equalValues(change.before, change.after))
      return [];
    return keywordChanges(keyword, change, after);
  });
}

function keywordChanges(keyword: string, change: Change, schema: ConfigObject): readonly SchemaChange[] {
  const { path, before, after } = change;
  if (schemas.has(keyword)) return schemaAt(change);
  if (keyword === 'properties' || keyword === 'patternProperties') return propertyChanges(change, schema);
  if (keyword === '$defs' || keyword === 'definitions') return definitionChanges(change);
  if (keyword === 'allOf') return allOfChanges(change);
  return [{ path, effect: effectOf(keyword, before, after) }];
}

function effectOf(keyword: string, before: ConfigValue | undefined, after: ConfigValue | undefined): Effect {
  if (notes.has(keyword)) return 'note';
  if (after === undefined) return 'looser';
  if (lowerBounds.has(keyword)) return isLess(after, before) ? 'looser' : 'stricter';
  if (upperBounds.has(keyword)) return isLess(before, after) ? 'looser' : 'stricter';
  if (keyword === 'required') return isWithin(after, before ?? []) ? 'looser' : 'stricter';
  if (keyword === 'enum' || keyword === 'anyOf') return isWithin(before, after) ? 'looser' : 'stricter';
  if (keyword === 'type') return isWithin(before && typesIn(before), typesIn(after)) ? 'looser' : 'stricter';
  if (keyword === 'uniqueItems' && after === false) return 'looser';
  return 'stricter';
}

function isLess(a: ConfigValue | undefined, b: ConfigValue | undefined): boolean {
  return isNumber(a) && isNumber(b) && a < b;
}

function isNumber(value: ConfigValue | undefined): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Whether everything of one list is in the other; without a list there is no limit, and so more than in any. */
function isWithin(some: ConfigValue | undefined, all: ConfigValue): boolean {
  if (some === undefined || !isList(some) || !isList(all)) return false;
  return some.every((one) => all.some((other) => equalValues(one, other)));
}

/** Every integer is a number. */
function typesIn(value: ConfigValue): readonly ConfigValue[] {
  const types = isList(value) ? value : [value];
  return types.includes('number') ? [...types, 'integer'] : types;
}

/** A property that is gone is refused from now on where no others are allowed. */
function propertyChanges({ path, before, after }: Change, schema: ConfigObject): readonly SchemaChange[] {
  return eachName(before, after, path).flatMap((change): readonly SchemaChange[] => {
    if (change.after === undefined)
      return [
        { path: change.path, effect: schema['additionalProperties'] === false ? 'stricter' : 'looser' },
      ];
    if (change.before !== undefined) return schemaAt(change);
    return [{ path: change.path, effect: change.after === false ? 'stricter' : 'looser' }];
  });
}

/** Parts that are referred to: one that comes or goes changes nothing by itself. */
function definitionChanges({ path, before, after }: Change): readonly SchemaChange[] {
  return eachName(before, after, path).flatMap((change): readonly SchemaChange[] =>
    change.before === undefined || change.after === undefined
      ? [{ path: change.path, effect: 'note' }]
      : schemaAt(change),
  );
}

function allOfChanges({ path, before, after }: Change): readonly SchemaChange[] {
  const [old, now] = [itemsOf(before), itemsOf(after)];
  const length = Math.max(old.length, now.length);
  return Array.from({ length }, (_, at) => at).flatMap((at) =>
    schemaAt({ path: [...path, at], before: old[at], after: now[at] }),
  );
}

function own(map: ConfigObject, name: string): ConfigValue | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function itemsOf(value: ConfigValue | undefined): readonly ConfigValue[] {
  return value !== undefined && isList(value) ? value : [];
}

function eachName(
  before: ConfigValue | undefined,
  after: ConfigValue | undefined,
  path: KeyPath,
): readonly Change[] {
  const old: ConfigObject = before !== undefined && isMap(before) ? before : {};
  const now: ConfigObject = after !== undefined && isMap(after) ? after : {};
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].toSorted();
  return names
    .map((name) => ({ path: [...path, name], before: own(old, name), after: own(now, name) }))
    .filter(
      (change) =>
        change.before === undefined ||
        change.after === undefined ||
        !equalValues(change.before, change.after),
    );
}
