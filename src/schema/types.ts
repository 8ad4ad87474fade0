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
  /** Plain words that name the key path and what the schema wants, never a value of the document. */
  readonly message: string;
}

export interface SchemaOptions {
  /** The repository path of the schema; `$ref` is resolved relative to it. */
  readonly id: string;
  /** The content of another schema file by repository path; undefined when there is none. Default: there are none. */
  readonly resolve?: (path: string) => ConfigValue | undefined;
}

/** A schema that is ready to use. Immutable; compiling costs milliseconds and using it microseconds, so keep it. */
export interface CompiledSchema {
  /** The repository path. */
  readonly id: string;
  /** The problems of a plain value, at most 100 and a last one that counts the rest; sorted by key path. */
  readonly check: (value: ConfigValue) => readonly SchemaProblem[];
}
