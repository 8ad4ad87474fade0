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
  /** Where no rule is about a place, only its length counts. */
  readonly path: EntryPath;
  /** A place inside of this one, where all are alike. */
  inner?: MergePlace;
}

export function inside(place: MergePlace, key: string | number): MergePlace {
  const { rules, path } = place;
  if (rules.lists.length > 0) return { rules, path: [...path, key] };
  return (place.inner ??= { rules, path: [...path, key] });
}
