/** What is compared to know whether somebody wrote. */
import type { Marks } from './ports.js';

/** Whether nobody wrote between the two to what the second one looked at, as far as the first one can tell. */
export function isSame(before: Marks, after: Marks): boolean {
  return movedSource(before, after) === undefined;
}

/** Whether something that both looked at is gone, or shorter than it was. */
export function isShrunk(before: Marks, after: Marks): boolean {
  for (const [name, { size }] of before.byName)
    if ((after.byName.get(name)?.size ?? size) < size) return true;
  return false;
}

/** When the last change was, in milliseconds since 1970 by the clock of the file system; 0 when that is not known. */
export function newestMs({ byName }: Marks): number {
  let newest = 0;
  for (const { changedMs } of byName.values()) newest = Math.max(newest, changedMs);
  return newest;
}

/** The first source that the second look sees differently, or the first one did not look at. */
export function movedSource(before: Marks, after: Marks): string | undefined {
  for (const [name, { identity }] of after.byName)
    if (before.byName.get(name)?.identity !== identity) return name;
  return undefined;
}
