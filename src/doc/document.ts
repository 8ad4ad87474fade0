/** A parsed document of any format. */
import { ConfigError } from '../errors.js';
import type { DocumentTree } from './tree.js';
import type { Diagnostic, Format } from './types.js';

/** A text and what is known about it. Immutable: an edit makes a new one. */
export interface ConfigDocument {
  readonly format: Format;
  /** The source, byte order mark included. */
  readonly text: string;
  /** Sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** Whether it has a value: no diagnostic of severity `error`. */
  readonly valid: boolean;
  /**
   * The pieces of the text. Absent when the text has no structure (a syntax error, too large, too deep); there in spite of an error
   * of meaning such as a duplicate key or an unresolved alias.
   */
  readonly tree?: DocumentTree;
  /** The repository path it was parsed for. */
  readonly path?: string;
}

/** What is too much to read. */
export interface Limits {
  /** Characters of the text; default 5,000,000. */
  readonly maxLength: number;
  /** Nested collections; default 512. */
  readonly maxDepth: number;
  /** Nodes of the value after aliases are followed; default 1,000,000. */
  readonly maxExpanded: number;
}

export interface ParseOptions {
  /** Repository path: decides the format and the dialect (JSON with comments, Python's INI). */
  readonly path?: string;
  /** Format, where the path does not tell; default YAML. */
  readonly format?: Format;
  readonly limits?: Partial<Limits>;
}

/** Reads a text; whatever is wrong with it becomes a diagnostic. Never throws. Linear in the length of the text. */
export function parseDocument(text: string, options: ParseOptions = {}): ConfigDocument {
  void options;
  void text;
  throw new ConfigError('E_INTERNAL', 'not there yet');
}
