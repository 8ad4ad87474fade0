import type { ErrorObject } from 'ajv';
import { childValue, formatKeyPath, isList, type ConfigValue, type KeyPath } from '../doc/index.js';
import { reduceChoices } from './choices.js';
import { describe } from './messages.js';
import type { SchemaFile } from './references.js';
import type { RawNote } from './notes.js';
import type { SchemaNote, SchemaProblem } from './types.js';

const maxProblems = 100;

/** What the validator found, in plain words: one problem for what is wrong once, sorted by key path, and no more than anyone reads. */
export function problemsOf(
  errors: readonly ErrorObject[],
  value: ConfigValue,
  files: readonly SchemaFile[],
): readonly SchemaProblem[] {
  const problems = new Map<string, SchemaProblem>();
  for (const error of reduceChoices(errors)) {
    const problem = problemOf(error, value, files);
    problems.set(`${formatKeyPath(problem.path)}\n${problem.message}`, problem);
  }
  const sorted = [...problems].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, problem]) => problem);
  return sorted.length > maxProblems
    ? [...sorted.slice(0, maxProblems), rest(sorted.length - maxProblems)]
    : sorted;
}

function problemOf(error: ErrorObject, root: ConfigValue, files: readonly SchemaFile[]): SchemaProblem {
  const { path, value } = resolvePointer(error.instancePath, root);
  const { message, key } = describe(error, { path, value, files });
  const onKey = key !== undefined || error.keyword === 'required' || error.keyword === 'dependentRequired';
  return {
    path: key === undefined ? path : [...path, key],
    part: onKey ? 'key' : 'value',
    rule: ruleOf(error.keyword),
    message,
    ...typesWanted(error),
  };
}

/** A note at the key path that its pointer means in a value. */
export function noteOf(note: RawNote, root: ConfigValue): SchemaNote {
  const { path } = resolvePointer(note.pointer, root);
  if (note.kind === 'reference') return { kind: 'reference', path, target: note.target };
  const subject = path.length === 0 ? 'the document' : `'${formatKeyPath(path)}'`;
  const advice = note.advice === undefined ? '' : `: ${note.advice}`;
  return { kind: 'deprecated', path, message: `${subject} is deprecated${advice}` };
}

/** What `type`, a choice between types, or the allowed values ask for. */
function typesWanted({ keyword, params }: ErrorObject): Pick<SchemaProblem, 'types'> {
  const { type, types, allowedValues, allowedValue }: Readonly<Record<string, unknown>> = params;
  if (keyword === 'type') return { types: textsOf([type].flat()) };
  if (Array.isArray(types)) return { types: textsOf(types) };
  const allowed: readonly unknown[] =
    keyword === 'const' ? [allowedValue] : Array.isArray(allowedValues) ? allowedValues : [];
  const kinds = [...new Set(allowed.map((value) => (value === null ? 'null' : typeof value)))];
  return kinds.length === 0 || kinds.includes('string') ? {} : { types: kinds };
}

function textsOf(values: readonly unknown[]): readonly string[] {
  return values.filter((value) => typeof value === 'string');
}

function ruleOf(keyword: string): string {
  return `schema-${keyword.replace(' ', '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function rest(count: number): SchemaProblem {
  return {
    path: [],
    part: 'value',
    rule: 'schema-too-many',
    message: `${count} more problems are not shown`,
  };
}

/** The key path of a JSON Pointer into a value that has it, and the value there. */
function resolvePointer(
  pointer: string,
  root: ConfigValue,
): { readonly path: KeyPath; readonly value: ConfigValue } {
  const path: (string | number)[] = [];
  let value = root;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(isList(value) ? Number(key) : key);
    value = childValue(value, key) ?? null;
  }
  return { path, value };
}
