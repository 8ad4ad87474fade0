import type { KeyPath } from '../doc/index.js';

/** What a rule found, in offsets of the text. */
export interface Finding {
  readonly rule: string;
  /** Never with a value of the document in it. */
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly path?: KeyPath;
  readonly related?: { readonly start: number; readonly end: number; readonly message: string };
}

export type Report = (finding: Finding) => void;
