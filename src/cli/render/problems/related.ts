import type { PlainProblem } from '../../../repo/index.js';

/** The other places of a problem, for formats that have one place for each: `FILE:LINE:COLUMN: what is there`. */
export function relatedPlaces({ related = [] }: PlainProblem): readonly string[] {
  return related.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
}
