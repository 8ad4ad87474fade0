import { createHash } from 'node:crypto';
import type { PlainProblem } from '../../../repo/index.js';

/**
 * An id for each problem that stays while lines move: of the file, the rule, the key path and the message, and of how many equal ones
 * stand above it. In the order of `problems`.
 */
export function fingerprints(problems: readonly PlainProblem[]): readonly string[] {
  const seen = new Map<string, number>();
  return problems.map(({ file, rule, path, message }) => {
    const identity = JSON.stringify([file, rule, path, message]);
    const above = seen.get(identity) ?? 0;
    seen.set(identity, above + 1);
    return createHash('sha256').update(`${identity}\n${above}`).digest('hex');
  });
}
