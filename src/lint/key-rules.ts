import type { KeyPath, MapNode } from '../doc/index.js';
import type { Report } from './report.js';

/** Keys of one map that differ in case only. Environments have `http_proxy` and `HTTP_PROXY` on purpose. */
export function checkKeys({ entries }: MapNode, path: KeyPath, report: Report): void {
  if (entries.length < 2) return;
  const known = new Map<string, MapNode['entries'][number]['key']>();
  for (const { key } of entries) {
    const folded = key.name.toLowerCase();
    const other = known.get(folded);
    if (other === undefined) known.set(folded, key);
    else if (other.name !== key.name && other.id[0] === key.id[0] && !folded.endsWith('_proxy'))
      report({
        rule: 'case-collision',
        message: 'another key of this map differs in upper and lower case only',
        start: key.offset,
        end: key.offset + key.text.length,
        path: [...path, key.name],
        related: { start: other.offset, end: other.offset + other.text.length, message: 'the other key' },
      });
  }
}

/** Paths that differ in case only, each but the first with the one before it: on macOS and Windows they are one file. */
export function caseCollisions(
  paths: readonly string[],
): readonly { readonly path: string; readonly other: string }[] {
  const known = new Map<string, string>();
  return paths.flatMap((path) => {
    const folded = path.toLowerCase();
    const other = known.get(folded);
    if (other === undefined) known.set(folded, path);
    return other === undefined || other === path ? [] : [{ path, other }];
  });
}
