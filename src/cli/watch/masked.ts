import type { Config } from '../../load/index.js';
import type { KeyChange } from '../../repo/index.js';

/** A change as it may be shown. */
export function maskedChange(change: KeyChange, mask: Config['mask']): KeyChange {
  return {
    ...change,
    ...(change.before !== undefined && { before: mask(change.before, change.path) }),
    ...(change.after !== undefined && { after: mask(change.after, change.path) }),
  };
}
