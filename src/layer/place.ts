import type { LayerListRule } from '../settings/index.js';
import type { EntryPath } from './types.js';

/** How one layer goes over those below it. */
export interface MergeRules {
  readonly lists: readonly LayerListRule[];
  /** What the layer says takes the type of what it overrides. */
  readonly textOnly: boolean;
  /** What the layer says removes keys. */
  readonly unsets: boolean;
  /** How many levels of maps (and lists) are merged. */
  readonly depth: number;
}

/** Where in the merged value two values meet, and by which rules. */
export interface MergePlace {
  readonly rules: MergeRules;
  readonly path: EntryPath;
}

export function inside({ rules, path }: MergePlace, key: string | number): MergePlace {
  return { rules, path: [...path, key] };
}
