/** What the edits of all formats have in common. */
import type { ConfigDocument } from '../document.js';
import type { DocumentTree } from '../tree.js';

/** A document whose text has a structure. */
export interface Editable {
  readonly doc: ConfigDocument;
  readonly tree: DocumentTree;
}

/** How a value is written. */
export interface SetOptions {
  /** The text that was typed for it: written like that where the format reads it as the value (`1.10`, `0x1F`). */
  readonly source?: string;
  /** A document whose way to write the value is taken where it has the same value at the same path. */
  readonly like?: ConfigDocument;
}
