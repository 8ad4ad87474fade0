/** The vocabulary of schemas. No code here, only shapes. */
import type { ConfigValue, KeyPath } from '../doc/index.js';

/** Something that a schema does not allow. */
export interface SchemaProblem {
  /** Where; for a missing key the map that lacks it, for an unknown one the key itself. */
  readonly path: KeyPath;
  /** Which token of `path` to point at. */
  readonly part: 'key' | 'value';
  /** Stable: `schema-` and the keyword of JSON Schema in kebab case, as `schema-type`, `schema-additional-properties`. */
  readonly rule: string;
  /** The JSON types that would do, where the value is of another. */
  readonly types?: readonly string[];
  /** Plain words that name the key path and what the schema wants, never a value of the document. */
  readonly message: string;
}

/** Something that a schema says about a value without forbidding it. */
export type SchemaNote =
  | { readonly kind: 'deprecated'; readonly path: KeyPath; readonly message: string }
  /** A value of the format `cfg-path`: it names a file, or a key in one. */
  | { readonly kind: 'reference'; readonly path: KeyPath; readonly target: string };

export interface SchemaFindings {
  /** At most 100 and a last one that counts the rest; sorted by key path. */
  readonly problems: readonly SchemaProblem[];
  readonly notes: readonly SchemaNote[];
}

export interface SchemaOptions {
  /** The repository path of the schema; `$ref` is resolved relative to it. */
  readonly id: string;
  /** The content of another schema file by repository path; undefined when there is none. Default: there are none. */
  readonly resolve?: (path: string) => ConfigValue | undefined;
  /** Where code is kept that schemas were compiled to before. Default: nowhere. */
  readonly kept?: SchemaCode;
}

/** Code of schemas by everything that it was made from. It is run, so that it must come from where nobody else can write. */
export interface SchemaCode {
  readonly read: (key: string) => string | undefined;
  readonly write: (key: string, code: string) => void;
}

/** A schema that is ready to use. Immutable; compiling costs milliseconds and using it microseconds, so keep it. */
export interface CompiledSchema {
  /** The repository path. */
  readonly id: string;
  /** The repository paths of every file that went into it, its own first. */
  readonly files: readonly string[];
  /** Whether it has values of the format `cfg-path`, so that an answer depends on other files. */
  readonly refersToFiles: boolean;
  /** What is to say about a plain value. */
  readonly inspect: (value: ConfigValue) => SchemaFindings;
  /** Only the problems of a plain value. */
  readonly check: (value: ConfigValue) => readonly SchemaProblem[];
  /** Whether the schema marks the value at a key path, or one that it is part of, as `writeOnly` (or as of the format `password`). */
  readonly isWriteOnly: (path: KeyPath) => boolean;
}
