import { formatKeyPath } from '../doc/index.js';
import type { Change, KeyChange } from './types.js';

/** A change with its paths in text form. */
export function keyChange({ path, kind, from, before, after }: Change): KeyChange {
  return {
    path: formatKeyPath(path),
    kind,
    ...(from !== undefined && { from: formatKeyPath(from) }),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  };
}
