import { formatKeyPath, type ConfigValue, type KeyPath } from '../doc/index.js';
import { schemaEffects, type SchemaSource } from './compatibility/effects.js';
import { phrase, phraseText, type Phrase } from './phrase.js';

/** Which part of a version a change raises. */
export type Bump = 'major' | 'minor' | 'patch' | 'none';

/** What happened to one file. */
export interface FileChanges {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed';
  /** The old path of a rename. */
  readonly from?: string;
  /** The keys that differ; undefined for a file that is no configuration, or does not parse, but has other bytes. */
  readonly changes?: readonly KeyChange[];
  /** Of a JSON Schema that files must satisfy, or that such a one refers to: its versions, as far as there are. It is judged by what it allows. */
  readonly schema?: { readonly before?: SchemaSource | undefined; readonly after?: SchemaSource | undefined };
  /** Of `cfg.yaml`: what must satisfy a schema that it did not have to before, and the contrary. */
  readonly rules?: readonly RuleChange[];
}

/** A change of what must satisfy a schema. */
export interface RuleChange {
  readonly effect: 'stricter' | 'looser';
  readonly said: Phrase;
}

interface KeyChange {
  readonly path: KeyPath;
  readonly kind: 'added' | 'removed' | 'changed' | 'type-changed' | 'moved';
  readonly before?: ConfigValue;
  readonly after?: ConfigValue;
}

/** A bump, and the change that decided it, in words. */
export interface VersionBump {
  readonly bump: Bump;
  readonly reason: string;
}

/** One change, and the bump that it calls for. */
export interface BumpReason {
  readonly bump: Bump;
  readonly said: Phrase;
  readonly file: string;
  /** Absent for a change of the whole file. */
  readonly change?: KeyChange;
}

const weight: Readonly<Record<Bump, number>> = { none: 0, patch: 1, minor: 2, major: 3 };

/**
 * The bump that changes of configuration call for: what a reader may miss or misread is major, what is new is minor, another value is
 * patch, nothing but comments and layout is none. The same before 1.0.0 as after it.
 *
 * A configuration file is to its keys as a key to the keys below it: removed or renamed is major, added is minor. An item of a list
 * without an identity is part of the list's value, and a file that is no configuration can only ask for a patch. A schema that became
 * stricter is major, one that allows more is minor; so is what `cfg.yaml` says has to satisfy one.
 */
export function bumpFor(files: readonly FileChanges[]): VersionBump {
  const [most] = bumpReasons(files);
  return most === undefined
    ? { bump: 'none', reason: 'no key changed' }
    : { bump: most.bump, reason: phraseText(most.said) };
}

/** Every change with the bump that it calls for, the highest first. */
export function bumpReasons(files: readonly FileChanges[]): readonly BumpReason[] {
  return files.flatMap(bumpsOf).toSorted((a, b) => weight[b.bump] - weight[a.bump]);
}

/** What happened to a file whose keys nobody knows. */
const opaqueWords = {
  added: ' was added',
  modified: ' changed',
  deleted: ' was removed',
  renamed: ' was renamed',
};

function bumpsOf(file: FileChanges): readonly BumpReason[] {
  const { path, status, changes, schema, rules = [] } = file;
  const whole = (bump: Bump, said: Phrase): BumpReason => ({ bump, said, file: path });
  if (changes === undefined) return [whole('patch', [{ name: path }, opaqueWords[status]])];
  if (status === 'added') return [whole('minor', phrase`${path} was added`)];
  // What a schema demands, the rules that name it tell: it is read by no application.
  const gone = schema === undefined ? 'major' : 'patch';
  if (status === 'deleted') return [whole(gone, phrase`${path} was removed`)];
  if (rules.length > 0) return rules.map(({ effect, said }) => whole(ruleBump[effect], said));
  const renamed = file.from === undefined ? [] : [whole(gone, phrase`${file.from} was renamed to ${path}`)];
  const { before, after } = schema ?? {};
  const inside =
    before === undefined || after === undefined
      ? changes.map((change) => keyBump(path, change))
      : schemaBumps(path, before, after);
  return [...renamed, ...inside];
}

const ruleBump = { stricter: 'major', looser: 'minor' } as const;

function schemaBumps(file: string, before: SchemaSource, after: SchemaSource): readonly BumpReason[] {
  const bumps = { ...ruleBump, note: 'patch' } as const;
  const words = { stricter: ' became stricter', looser: ' allows more', note: ' changed' };
  return schemaEffects(before, after).map(({ path, effect }) => ({
    bump: bumps[effect],
    said: ['the schema ', { name: placeOf(file, path) }, words[effect]],
    file,
    ...(path.length > 0 && { change: { path, kind: 'changed' } }),
  }));
}

function placeOf(file: string, path: KeyPath): string {
  return path.length === 0 ? file : `${file}#${formatKeyPath(path)}`;
}

function keyBump(file: string, change: KeyChange): BumpReason {
  const { path, kind } = change;
  const where = placeOf(file, path);
  const as = (bump: Bump, what: string): BumpReason => ({
    bump,
    said: [{ name: where }, ` ${what}`],
    file,
    change,
  });
  if (kind === 'type-changed') return as('major', 'changed its type');
  const inList = typeof path.at(-1) === 'number';
  if (kind === 'removed') return as(inList ? 'patch' : 'major', 'was removed');
  if (kind === 'added') return as(inList ? 'patch' : 'minor', 'was added');
  return as('patch', kind === 'moved' ? 'moved' : 'changed');
}
