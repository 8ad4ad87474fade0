/** Git: Documentation/git-merge, "How conflicts are presented"; `conflict-marker-size` of gitattributes may make them longer. */
const signs = [/^<{7,}(?: |\r?$)/, /^={7,}\r?$/, /^>{7,}(?: |\r?$)/];

/** Where the first conflict that is left in a text begins, as offsets of its opening marker. */
export interface ConflictMarkers {
  readonly start: number;
  readonly end: number;
}

/** What is left of a conflict: an opening, a middle and a closing marker, in this order; undefined where that is not all there. */
export function conflictMarkers(text: string): ConflictMarkers | undefined {
  if (!text.includes('<<<<<<<')) return undefined;
  let found: ConflictMarkers | undefined;
  let next = 0;
  let start = 0;
  for (const line of text.split('\n')) {
    if (signs[next]?.test(line) === true) {
      found ??= { start, end: start + line.trimEnd().length };
      next += 1;
    }
    if (next === signs.length) return found;
    start += line.length + 1;
  }
  return undefined;
}
