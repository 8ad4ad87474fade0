/** The vocabulary of documents: values, key paths, positions and diagnostics. Hardly any code here, only shapes. */

/** The formats cfg understands; every other file is plain text. */
export type Format = 'yaml' | 'json' | 'ini';

/** One scalar. An integer outside the safe range of a JavaScript number is a bigint, so no digit is lost. */
export type ConfigScalar = null | boolean | number | bigint | string;

/**
 * A configuration value. Objects are ordinary ones whose keys are own properties, `__proto__` and `constructor` included
 * (they are data here, never prototypes).
 */
export type ConfigValue = ConfigScalar | readonly ConfigValue[] | ConfigObject;
/** A map of configuration values by key. */
export interface ConfigObject {
  readonly [key: string]: ConfigValue;
}

/** What a layer says at a key to remove it from the layers below; in YAML also written `!unset`. */
export const unsetText: string = '$unset';

/** One step of a key path: a key, a list index, or the item of a list whose fields have these values (`[name=web]`). */
export type KeySegment = string | number | { readonly [field: string]: string };

/** Where a value lives in a document; `[]` is the whole document. */
export type KeyPath = readonly KeySegment[];

/** A place in a text: line and column count from 1, columns in UTF-16 code units; `offset` counts from 0. */
export interface Position {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** A part of a text, from the first character to the one after the last. */
export interface SourceRange {
  readonly start: Position;
  /** The first position after the range. */
  readonly end: Position;
}

/** How bad a finding is: an `error` makes a file invalid, a `warning` does not. */
export type Severity = 'error' | 'warning';

/** A problem at a place of a document. A document with a diagnostic of severity `error` has no value. */
export interface Diagnostic {
  /** Stable id in kebab case, as `syntax`, `duplicate-key`, `unresolved-alias`, `too-deep`, `too-large`. */
  readonly rule: string;
  readonly severity: Severity;
  /** Lower case, no value of the document in it (it may be a secret). */
  readonly message: string;
  readonly range: SourceRange;
  /** The key path concerned, where one is known. */
  readonly path?: KeyPath;
  /** Other places of the same text that belong to it, as the first of two equal keys. */
  readonly related?: readonly RelatedPlace[];
}

/** A place that helps to understand a problem. */
export interface RelatedPlace {
  readonly range: SourceRange;
  readonly message: string;
}

/** `[REV:]FILE[#KEY]`. */
export interface Address {
  readonly revision?: string;
  readonly file: string;
  /** Absent: the whole file. */
  readonly path?: KeyPath;
}
