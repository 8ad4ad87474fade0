import { formatKeyPath, lookup, type ConfigValue, type KeyPath } from '../doc/index.js';
import type { SchemaProblem } from '../schema/index.js';
import type { Awaitable } from './types.js';

/** What zod, valibot, arktype and others have in common (https://standardschema.dev, version 1). */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => Awaitable<StandardResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

type StandardResult<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly StandardIssue[] };

interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

export function isStandardSchema(schema: object): schema is StandardSchema {
  return '~standard' in schema;
}

/** What a validator of the standard says of a value: its problems, or its own value, with defaults and conversions. */
export async function checkStandard(
  value: ConfigValue,
  schema: StandardSchema,
): Promise<{ readonly problems: readonly SchemaProblem[] } | { readonly output: unknown }> {
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) return { output: result.value };
  return { problems: result.issues.map((issue) => problemOf(issue, value)) };
}

/** At the nearest place above that the value has: what is missing has none. */
function problemOf(issue: StandardIssue, root: ConfigValue): SchemaProblem {
  const path = Array.from(issue.path ?? [], stepOf); // a plain list: that of arktype makes others by other rules
  const known = path.findIndex((_, index) => lookup(root, path.slice(0, index + 1)) === undefined);
  const there = known < 0 ? path : path.slice(0, known);
  const missing = known < 0 ? '' : ` at '${formatKeyPath(path.slice(known))}'`;
  const types = typesOf(issue);
  return {
    path: there,
    part: known < 0 ? 'value' : 'key',
    rule: 'schema',
    message: `${withoutValue(issue.message, lookup(root, there) ?? null)}${missing}`,
    ...(types.length > 0 && known < 0 && { types }),
  };
}

function stepOf(step: PropertyKey | { readonly key: PropertyKey }): KeyPath[number] {
  const key = typeof step === 'object' ? step.key : step;
  return typeof key === 'number' ? key : String(key);
}

/** Some validators say what they got; it may be a secret. */
function withoutValue(message: string, value: ConfigValue): string {
  if (typeof value === 'object') return message;
  const text = String(value);
  const quoted = message.replaceAll(JSON.stringify(text), '(a value)').replaceAll(`'${text}'`, '(a value)');
  return text.length < 3 ? withoutLast(quoted, text) : quoted.replaceAll(text, '(a value)');
}

/** A short text may stand in the message for something else, but hardly at its end. */
function withoutLast(message: string, text: string): string {
  const told = /^(.*\W)(\w+)(\W*)$/s.exec(message);
  return told?.[2] === text ? `${told[1]}(a value)${told[3]}` : message;
}

const typeWords: Readonly<Record<string, string>> = {
  number: 'number',
  bigint: 'integer',
  integer: 'integer',
  int: 'integer',
  boolean: 'boolean',
  null: 'null',
  array: 'array',
  object: 'object',
  record: 'object',
};

/** The JSON types in `expected`, which the validators add to the standard: `number`, `(string | number)`, `a number`. */
function typesOf(issue: StandardIssue): readonly string[] {
  const expected: unknown = 'expected' in issue ? issue.expected : undefined;
  if (typeof expected !== 'string') return [];
  const words = expected.toLowerCase().match(/[a-z]+/g) ?? [];
  return words.flatMap((word) => (Object.hasOwn(typeWords, word) ? [typeWords[word] ?? ''] : []));
}
