import type { ErrorObject } from 'ajv';
import { formatKeyPath, type ConfigValue, type KeyPath } from '../doc/index.js';
import { closest } from '../errors.js';
import { knownKeys } from './known-keys.js';
import type { SchemaFile } from './references.js';

interface Place {
  readonly path: KeyPath;
  /** The value there; only its kind, size and keys may show in a message. */
  readonly value: ConfigValue;
  readonly files: readonly SchemaFile[];
}

interface Description {
  readonly message: string;
  /** The key under the place that is wrong as a key. */
  readonly key?: string;
}

type Params = Readonly<Record<string, unknown>>;

const kinds: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};

/** What must be, by keyword, to be read after the name of the key. */
const demands: Readonly<Record<string, (params: Params, value: ConfigValue) => string>> = {
  type: ({ type }, value) => `must be ${alternatives(kindNames(type))}, not ${kindOf(value)}`,
  enum: ({ allowedValues }, value) => `must be ${oneOf(allowedValues)}${suggestion(allowedValues, value)}`,
  const: ({ allowedValue }) => `must be ${oneOf([allowedValue])}`,
  minimum: ({ limit }) => `must be at least ${text(limit)}`,
  maximum: ({ limit }) => `must be at most ${text(limit)}`,
  exclusiveMinimum: ({ limit }) => `must be more than ${text(limit)}`,
  exclusiveMaximum: ({ limit }) => `must be less than ${text(limit)}`,
  multipleOf: ({ multipleOf }) => `must be a multiple of ${text(multipleOf)}`,
  minLength: ({ limit }) => `must have at least ${count(limit, 'character')}`,
  maxLength: ({ limit }) => `must have at most ${count(limit, 'character')}`,
  pattern: ({ pattern }) => `must match the pattern ${short(text(pattern))}`,
  format: ({ format }) => `must be a valid ${text(format)}`,
  minItems: ({ limit }) => `must have at least ${count(limit, 'item')}`,
  maxItems: ({ limit }) => `must have at most ${count(limit, 'item')}`,
  items: ({ limit }) => `must have at most ${count(limit, 'item')}`,
  additionalItems: ({ limit }) => `must have at most ${count(limit, 'item')}`,
  unevaluatedItems: ({ len }) => `must have at most ${count(len, 'item')}`,
  uniqueItems: () => 'must not have the same item twice',
  contains: ({ minContains, maxContains }) => contains(minContains, maxContains),
  minProperties: ({ limit }) => `must have at least ${count(limit, 'key')}`,
  maxProperties: ({ limit }) => `must have at most ${count(limit, 'key')}`,
  required: ({ missingProperty }) => `lacks the key '${text(missingProperty)}'`,
  dependentRequired: dependency,
  dependencies: dependency,
  anyOf: choice,
  oneOf: choice,
  not: () => 'must not be what the schema excludes here',
  'false schema': () => 'is not allowed here',
};

/** Keywords whose error is about a key of the place: the parameter that names it. */
const keyParameters: Readonly<Record<string, string>> = {
  additionalProperties: 'additionalProperty',
  unevaluatedProperties: 'unevaluatedProperty',
  propertyNames: 'propertyName',
};

/** An error of the validator in plain words. */
export function describe(error: ErrorObject, place: Place): Description {
  const params: Params = error.params;
  const parameter = keyParameters[error.keyword];
  if (parameter !== undefined) return describeKey(error, text(params[parameter]), place);
  if (error.propertyName !== undefined)
    return {
      key: error.propertyName,
      message: `the key ${subject([...place.path, error.propertyName])} ${demand(error, error.propertyName)}`,
    };
  return { message: `${subject(place.path)} ${demand(error, place.value)}` };
}

function describeKey(error: ErrorObject, key: string, { path, value, files }: Place): Description {
  const whole = subject([...path, key]);
  if (error.keyword === 'propertyNames') return { key, message: `${whole} is not allowed as a key here` };
  const present = new Set(typeof value === 'object' && value !== null ? Object.keys(value) : []);
  const meant = closest(
    key,
    knownKeys(error.schemaPath, files).filter((name) => !present.has(name)),
  );
  const hint = meant === undefined ? '' : `; did you mean '${meant}'?`;
  return { key, message: `${whole} is not a known key${hint}` };
}

function demand({ keyword, params }: ErrorObject, value: ConfigValue): string {
  return demands[keyword]?.(params as Params, value) ?? `does not satisfy '${keyword}' of the schema`;
}

function subject(path: KeyPath): string {
  return path.length === 0 ? 'the document' : `'${formatKeyPath(path)}'`;
}

function kindOf(value: ConfigValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'bigint') return 'a number';
  return kinds[typeof value] === 'true or false' ? 'a boolean' : (kinds[typeof value] ?? typeof value);
}

function kindNames(type: unknown): readonly string[] {
  const types = Array.isArray(type) ? (type as readonly unknown[]) : [type];
  return types.map((name) => kinds[text(name)] ?? text(name));
}

function alternatives(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${last}` : last;
}

const maxChoices = 10;

/** Values that the schema names; the schema is no secret, unlike the document. */
function oneOf(allowed: unknown): string {
  const values = Array.isArray(allowed) ? (allowed as readonly unknown[]) : [];
  const shown = values
    .slice(0, maxChoices)
    .map((value) => short(typeof value === 'string' ? `'${value}'` : text(value)));
  const more = values.length > maxChoices ? `, … (${values.length - maxChoices} more)` : '';
  return values.length === 1 ? `${shown[0]}` : `one of ${shown.join(', ')}${more}`;
}

function suggestion(allowed: unknown, value: ConfigValue): string {
  const words = (Array.isArray(allowed) ? (allowed as readonly unknown[]) : []).filter(
    (word) => typeof word === 'string',
  );
  const meant = typeof value === 'string' ? closest(value, words) : undefined;
  return meant === undefined ? '' : `; did you mean '${meant}'?`;
}

function choice({ types, passingSchemas }: Params, value: ConfigValue): string {
  if (passingSchemas != null) return 'must be only one of the forms that the schema offers, but fits several';
  if (types !== undefined) return `must be ${alternatives(kindNames(types))}, not ${kindOf(value)}`;
  return 'fits none of the forms that the schema offers';
}

function contains(least: unknown, most: unknown): string {
  const range = most === undefined ? `at least ${text(least)}` : `${text(least)} to ${text(most)}`;
  return `must have ${range} of the items that the schema asks for`;
}

function dependency({ missingProperty, property }: Params): string {
  return `lacks the key '${text(missingProperty)}', which '${text(property)}' needs`;
}

function count(limit: unknown, noun: string): string {
  return `${text(limit)} ${limit === 1 ? noun : `${noun}s`}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

const maxShown = 80;

function short(shown: string): string {
  return shown.length > maxShown ? `${shown.slice(0, maxShown)}…` : shown;
}
