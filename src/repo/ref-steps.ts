import type { RefEdit } from '../store/index.js';

/** Edits in the transactions that they need: one; two where a name that goes is a folder of one that comes, or the other way round. */
export function refSteps<T extends RefEdit>(edits: readonly T[]): readonly (readonly T[])[] {
  const gone = edits.filter(({ value }) => value === null);
  const other = edits.filter(({ value }) => value !== null);
  const isClash = other.some(({ name: a }) =>
    gone.some(({ name: b }) => a.startsWith(`${b}/`) || b.startsWith(`${a}/`)),
  );
  return (isClash ? [gone, other] : [edits]).filter((step) => step.length > 0);
}
