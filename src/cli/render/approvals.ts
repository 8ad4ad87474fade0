import type { ApprovalInfo } from '../../repo/index.js';
import { dateOf } from './history.js';
import { visible } from './style.js';
import { padded } from './text.js';

/** A line an approval: when, who, and what they said. */
export function approvalLines(approvals: readonly ApprovalInfo[]): readonly string[] {
  const rows = approvals.map(({ by, at, message }) => [
    dateOf(at),
    visible(by),
    visible(message.split('\n', 1)[0] ?? ''),
  ]);
  return padded(rows).map((cells) => `  ${cells.join('  ').trimEnd()}`);
}
